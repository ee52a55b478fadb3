using LeaderExample;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddHostedService<TickJob>();

var app = builder.Build();
app.MapGet("/healthz", () => "ok\n");
app.MapGet("/", () => $"Hello from {Environment.GetEnvironmentVariable("BLUEGREEN_LABEL") ?? "nowhere"}\n");
app.MapLeaderServices();
app.Run();
