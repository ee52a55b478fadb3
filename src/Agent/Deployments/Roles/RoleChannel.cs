using System.Text;
using BlueGreen.Agent.Health;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Roles;

/// <summary>Tells workers their roles and waits until they have acknowledged them.</summary>
/// <param name="directory">Where their files are.</param>
/// <param name="logger">Told of files that cannot be written.</param>
/// <param name="time">The clock of timeouts.</param>
internal sealed class RoleChannel(StateDirectory directory, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    /// <summary>Tells one, again and again until it acknowledges, ends, or its time is over. So an answer such as 503 means: not yet.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="message">Its role.</param>
    /// <param name="options">How.</param>
    /// <param name="cancel">Nobody waits any more.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; what the worker makes of it is not known.</exception>
    public async Task<RoleAnswer> TellAsync(Worker worker, RoleMessage message, RoleOptions options, CancellationToken cancel)
    {
        var file = FileOf(worker);
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        ProcessEnd.Cancels(worker.Exited, over);
        var last = Write(file, message) ?? "it did not answer";
        using var client = options.Path is null ? null : new HttpMessageInvoker(WorkerSocket.NewHandler(worker.EndPoint));
        try
        {
            while (!worker.Exited.IsCompleted)
            {
                var (acknowledged, what) = client is null
                    ? (file.Acknowledged() >= message.Generation, null)
                    : await PostAsync(client, options.Path!, message, over.Token);
                if (acknowledged)
                {
                    return new RoleAnswer.Acknowledged();
                }

                last = what ?? last;
                await Task.Delay(BetweenTries, time, over.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
        }

        return worker.Exited.IsCompleted ? new RoleAnswer.Ended() : new RoleAnswer.Silent(last);
    }

    /// <summary>What a worker was told last, by its file; null where it has none.</summary>
    public RoleMessage? Told(string worker) => directory.RunFolders()
        .Select(folder => new RoleFile(RoleFile.PathOf(folder, worker), directory.Run).Read()).FirstOrDefault(message => message is not null);

    /// <summary>Removes the file of a worker that has ended.</summary>
    public void Forget(Worker worker) => FileOf(worker).Remove();

    private RoleFile FileOf(Worker worker) => new(RoleFile.PathOf(directory.RunOf(worker.User), worker.Id), directory.Run);

    /// <returns>Why it could not be written; null when it was.</returns>
    private string? Write(RoleFile file, RoleMessage message)
    {
        try
        {
            file.Write(message);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogError("A worker's role cannot be written: {Reason}", e.Message);
            return e.Message;
        }
    }

    private static async Task<(bool Acknowledged, string? What)> PostAsync(
        HttpMessageInvoker client, string path, RoleMessage message, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost" + path)
            {
                Content = new StringContent(message.ToJson(), Encoding.UTF8, "application/json"),
            };
            request.Headers.UserAgent.ParseAdd("bluegreen-role");
            request.Headers.ConnectionClose = true;
            using var response = await client.SendAsync(request, cancel);
            return (response.IsSuccessStatusCode, $"POST {path} was answered {(int)response.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            return (false, $"POST {path}: {(e.InnerException ?? e).Message}");
        }
    }
}
