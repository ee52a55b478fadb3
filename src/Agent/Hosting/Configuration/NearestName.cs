namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>Finds the name somebody probably meant.</summary>
internal static class NearestName
{
    /// <summary>
    /// The candidate with the fewest typing mistakes to <paramref name="text"/>, upper and lower case being the same; null when
    /// none is near, which is one mistake for every three letters, and at least one.
    /// </summary>
    public static string? Find(string text, IEnumerable<string> candidates)
    {
        // A text much longer than any name is no typing mistake, and comparing it would only cost time.
        return candidates
            .Where(candidate => Math.Abs(candidate.Length - text.Length) <= Tolerance(candidate))
            .Select(name => (Name: name, Mistakes: Mistakes(text.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(found => found.Mistakes <= Tolerance(found.Name))
            .OrderBy(found => found.Mistakes)
            .Select(found => found.Name)
            .FirstOrDefault();
    }

    private static int Tolerance(string name) => Math.Max(1, name.Length / 3);

    /// <summary>Optimal string alignment: a missing, extra or wrong letter, or two swapped, is one mistake.</summary>
    private static int Mistakes(string a, string b)
    {
        var distance = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                distance[i, j] = Math.Min(i, j) == 0 ? Math.Max(i, j) : Cheapest(i, j);
            }
        }

        return distance[a.Length, b.Length];

        int Cheapest(int i, int j)
        {
            var replaced = distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            var inserted = Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1;
            var areSwapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            var cheapest = Math.Min(replaced, inserted);
            return areSwapped ? Math.Min(cheapest, distance[i - 2, j - 2] + 1) : cheapest;
        }
    }
}
