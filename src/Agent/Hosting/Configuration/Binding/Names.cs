namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Words that messages offer to choose from.</summary>
internal static class Names
{
    /// <summary><c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
    public static string List(IReadOnlyCollection<string> names) =>
        names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.SkipLast(1))} and {names.Last()}";

    /// <summary>The valid name that is nearest to a wrong one, or all of them.</summary>
    public static string Suggest(string wrong, IReadOnlyCollection<string> valid, string introduction) =>
        NearestName.Find(wrong, valid) is { } nearest ? $"did you mean '{nearest}'?" : $"{introduction} {List(valid)}";
}
