using System.Globalization;

namespace BlueGreen.Benchmarks.Traffic;

/// <summary>A load of cleartext HTTP/2, made by h2load.</summary>
/// <param name="Connections">Connections at once.</param>
/// <param name="Streams">Requests at once on each.</param>
internal sealed record H2Load(int Connections, int Streams)
{
    /// <summary>Runs it.</summary>
    public async Task<Measurement> RunAsync(Uri address, int seconds)
    {
        var log = Path.GetTempFileName();
        try
        {
            var output = await LoadProgram.RunAsync(
                "h2load", "-t", "1", "-c", Text(Connections), "-m", Text(Streams), "-D", Text(seconds), "--log-file", log, address.AbsoluteUri);
            return H2LoadOutput.Parse(output, await File.ReadAllLinesAsync(log));
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
