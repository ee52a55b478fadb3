using BlueGreen.GrpcWorker;
using Microsoft.AspNetCore.Server.Kestrel.Core;

// As the template of ASP.NET Core for gRPC has it: HTTP/2 alone, and a page for those who come with a browser.
var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().UseUrls(Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? "http://127.0.0.1:5000")
    .ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(port => port.Protocols = HttpProtocols.Http2));
builder.Services.AddRoutingCore();
builder.Services.AddGrpc();

var app = builder.Build();
app.MapGrpcService(new EchoService(Environment.GetEnvironmentVariable("BLUEGREEN_LABEL") ?? "none").Define());
app.MapGet("/", () => "gRPC only");
await app.RunAsync();
