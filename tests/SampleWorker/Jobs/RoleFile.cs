using System.Globalization;
using System.Text.Json;

namespace BlueGreen.SampleWorker.Jobs;

/// <summary>Follows the file <c>BLUEGREEN_ROLE_FILE</c> names, as a worker without HTTP does.</summary>
internal static class RoleFile
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes every message that is found there, and acknowledges it beside.</summary>
    public static async Task FollowAsync(Leadership leadership, Behaviour behaviour)
    {
        var path = Environment.GetEnvironmentVariable("BLUEGREEN_ROLE_FILE")!;
        for (var last = ""; ; await Task.Delay(Look))
        {
            var text = File.Exists(path) ? await File.ReadAllTextAsync(path) : last;
            if (text == last)
                continue;
            last = text;
            var message = JsonSerializer.Deserialize<RoleMessage>(text, JsonSerializerOptions.Web)!;
            if (message.Is(behaviour.RoleDeafTo))
                continue;
            await Task.Delay(behaviour.RoleDelay);
            if (await leadership.TakeAsync(message) && !message.Is(behaviour.RoleMuteTo))
                await File.WriteAllTextAsync($"{path}.ack", message.Generation.ToString(CultureInfo.InvariantCulture));
        }
    }
}
