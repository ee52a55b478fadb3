using System.Globalization;
using System.Net.Sockets;

namespace BlueGreen.Harness.Origins;

/// <summary>A real nginx that gives the files of a folder; those below <c>private/</c> to the user <c>me</c> only.</summary>
public sealed class Nginx : IAsyncDisposable
{
    /// <summary>The password of <c>me</c>.</summary>
    public const string Password = "s3cr3t";

    private readonly StartedProcess _process;

    private Nginx(StartedProcess process, Uri url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>Its address.</summary>
    public Uri Url { get; }

    /// <summary>Starts one.</summary>
    /// <param name="files">What it gives.</param>
    /// <param name="work">An own folder of its.</param>
    public static async Task<Nginx> StartAsync(string files, string work)
    {
        Directory.CreateDirectory(Path.Combine(files, "private"));
        Directory.CreateDirectory(work);
        var port = FreePort.Find();
        await File.WriteAllTextAsync(Path.Combine(work, "users"), $"me:{{PLAIN}}{Password}\n");
        var configuration = Path.Combine(work, "nginx.conf");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            daemon off;
            worker_processes 1;
            pid {{work}}/pid;
            error_log stderr;
            events {}
            http {
              access_log off;
              client_body_temp_path {{work}}/body; proxy_temp_path {{work}}/proxy; fastcgi_temp_path {{work}}/fastcgi;
              uwsgi_temp_path {{work}}/uwsgi; scgi_temp_path {{work}}/scgi;
              server {
                listen 127.0.0.1:{{port}};
                root {{files}};
                location /private/ { auth_basic private; auth_basic_user_file {{work}}/users; }
              }
            }
            """));
        // Its workers must be able to read a folder that is the test's alone.
        var process = StartedProcess.Start("nginx", ["-c", configuration, "-p", work, "-g", "user root;"], work);
        await Until.TrueAsync(async () =>
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", port, TimeLimit.Token);
                return true;
            }
            catch (SocketException) when (!process.Exited.IsCompleted)
            {
                return false;
            }
        });
        return new Nginx(process, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Signal(Signals.Terminate);
        await Task.WhenAny(_process.Exited, Task.Delay(TimeSpan.FromSeconds(5)));
        await _process.DisposeAsync();
    }
}
