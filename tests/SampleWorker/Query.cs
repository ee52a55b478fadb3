using System.Globalization;

namespace BlueGreen.SampleWorker;

/// <summary>Reads values of the query string.</summary>
internal static class Query
{
    /// <summary>A whole number, or what applies without it.</summary>
    public static int Number(this HttpContext context, string name, int otherwise) =>
        context.Request.Query.TryGetValue(name, out var text) ? int.Parse(text.ToString(), CultureInfo.InvariantCulture) : otherwise;
}
