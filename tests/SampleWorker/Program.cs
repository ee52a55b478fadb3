using BlueGreen.SampleWorker;
using BlueGreen.SampleWorker.Endpoints;
using BlueGreen.SampleWorker.Jobs;

var behaviour = Behaviour.Load();
if (args is ["--cron"])
    return await Cron.RunAsync(behaviour);
if (Start.Fails(behaviour, out var exitCode))
    return exitCode;

var identity = new Identity(behaviour);
var leadership = new Leadership(JobFile.Open(), behaviour);
// The empty builder: no configuration files, no logging, nothing that costs time at the start.
var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().UseUrls(Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? "http://127.0.0.1:5000");
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
builder.Services.AddRoutingCore();
if (behaviour.IgnoreSigterm)
    builder.Services.AddSingleton<IHostLifetime, DeafLifetime>();

var app = builder.Build();
app.Use(identity.SignAsync);
app.UseWebSockets();
app.UseRouting();
app.Map("/", new Home(identity).HandleAsync);
app.MapGet("/healthz", new Healthz(behaviour).HandleAsync);
app.MapGet("/slow", Slow.HandleAsync);
app.MapGet("/stream", ChunkStream.HandleAsync);
app.MapGet("/sse", new ServerSentEvents(identity).HandleAsync);
app.Map("/ws", new WebSocketEcho(identity, app.Lifetime).HandleAsync);
app.MapPost("/echo", Echo.HandleAsync);
app.MapPost("/count", Count.HandleAsync);
app.Map("/headers", RequestHeaders.HandleAsync);
app.MapPost("/record", Record.HandleAsync);
app.Map("/status/{code:int}", Status.HandleAsync);
app.MapGet("/trailers", Trailers.HandleAsync);
app.Map("/big", Big.HandleAsync);
app.MapGet("/env", WorkerEnvironment.HandleAsync);
app.Map("/crash", Crash.HandleAsync);
app.Map("/log", Log.HandleAsync);
if (behaviour.RoleFromFile)
    _ = RoleFile.FollowAsync(leadership, behaviour);
else
    app.MapPost("/-/role", new Role(leadership, behaviour).HandleAsync);

using var death = Start.BeginDying(behaviour);
app.Lifetime.ApplicationStopping.Register(() => _ = leadership.EndAsync());
await app.RunAsync();
await leadership.EndAsync();
return 0;
