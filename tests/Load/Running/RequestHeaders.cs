namespace BlueGreen.Load.Running;

/// <summary>The header fields of a load's requests.</summary>
internal static class RequestHeaders
{
    /// <summary>Those of the options and, where a connection serves one request, the announcement of its end.</summary>
    public static IReadOnlyDictionary<string, string> Of(LoadOptions options) => options.Use == ConnectionUse.Kept
        ? options.Headers
        : new Dictionary<string, string>(options.Headers) { ["Connection"] = "close" };
}
