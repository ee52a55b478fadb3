namespace BlueGreen.Faults.Jobs;

/// <summary>One deployment of a run, and what is done to it.</summary>
/// <param name="Verb">deploy or rollback.</param>
/// <param name="Bad">What is wrong with the release; null: nothing.</param>
/// <param name="Kill">What is killed; null: nothing.</param>
public sealed record OnceStep(string Verb, BadRelease? Bad, JobKill? Kill)
{
    /// <summary>The fewest steps in which every second one is a deploy, that may be bad, and none is hurt twice.</summary>
    public static int Fewest(int bad, int kills) => (2 * bad) + kills;

    /// <summary>The steps of a run: deploys and rollbacks in turn, bad releases and kills spread over them by chance.</summary>
    /// <param name="count">How many steps.</param>
    /// <param name="bad">What is wrong with some of the deploys, one each.</param>
    /// <param name="kills">What is killed, in one step each.</param>
    /// <param name="random">Chooses where.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more faults than steps for them.</exception>
    public static IReadOnlyList<OnceStep> Plan(int count, IReadOnlyList<BadRelease> bad, IReadOnlyList<JobKill> kills, Random random)
    {
        ArgumentNullException.ThrowIfNull(bad);
        ArgumentNullException.ThrowIfNull(kills);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, Fewest(bad.Count, kills.Count));
        var steps = Enumerable.Range(0, count).Select(index => new OnceStep(index % 2 == 0 ? "deploy" : "rollback", null, null)).ToArray();
        var deploys = Shuffled(index => steps[index].Verb == "deploy");
        foreach (var (what, index) in bad.Zip(deploys))
            steps[index] = steps[index] with { Bad = what };
        foreach (var (kill, index) in kills.Zip(Shuffled(index => steps[index].Bad is null)))
            steps[index] = steps[index] with { Kill = kill };
        return steps;

        int[] Shuffled(Func<int, bool> fits)
        {
            int[] indexes = [.. Enumerable.Range(0, count).Where(fits)];
            random.Shuffle(indexes);
            return indexes;
        }
    }

    /// <summary>What it is, for people.</summary>
    public override string ToString() => $"{Verb}{(Bad is { } bad ? $" of a release that is {bad}" : "")}{(Kill is { } kill ? $", {kill}" : "")}";
}
