using System.Globalization;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary>The events of a deployment in words.</summary>
internal static class DeploymentText
{
    /// <summary>An event as lines; the first names the step, unless it is one that goes on.</summary>
    public static IEnumerable<string> Of(DeploymentEvent told)
    {
        if (!IsMoreOutput(told))
        {
            yield return $"{told.App}: {Sentence(told)}";
        }

        foreach (var line in told.Output ?? [])
        {
            yield return $"    {line}";
        }

        if (told.Event is not ("failed" or "rolledback"))
        {
            yield break;
        }

        yield return told.StillActive is { } active
            ? $"{told.App}: release {active} {(told.Event == "failed" ? "still serves" : "serves again")}"
            : $"{told.App}: nothing serves";
    }

    /// <summary>Whether an event only has more lines of what a step prints that has been told of before.</summary>
    public static bool IsMoreOutput(DeploymentEvent told) => told is { Event: "releasing", Output: not null };

    /// <summary>An event in one sentence, without the app.</summary>
    public static string Sentence(DeploymentEvent told) => told.Event switch
    {
        "fetching" => told.Bytes is null ? $"fetching {told.Source}" : $"fetched {ByteText.Progress(told)}",
        "preparing" => $"preparing {told.Digest?[.."sha256:0123456789ab".Length]}{Signature(told)}",
        "checking" => told.Command is { } check ? $"checking {Release(told)}: {told.Check}, {check}" : $"checking {Release(told)}: hook {told.Check}",
        "releasing" => $"releasing {Release(told)}: {told.Command}",
        "starting" => $"starting {Release(told)}: {Count(told.Workers, "worker")} of {told.Command}",
        "probing" => $"probing {Count(told.Workers, "worker")}",
        "warming" => Warming(told),
        "handingover" => "handing over what must run once",
        "switched" => $"switched to {Release(told)} after {told.ElapsedMs} ms (ready after {told.ReadyAfterMs} ms)",
        "draining" => told.InFlight > 0 ? $"draining {Count(told.InFlight, "request")} in flight" : "draining",
        "completed" => told.Drained + told.Cut > 0
            ? $"completed: {told.Drained} finished on the old release, {told.Cut} cut"
            : "completed: nothing was in flight on the old release",
        "failed" => $"failed at {told.Step}: {told.Reason}",
        "rolledback" => $"rolled back: {told.Reason}",
        _ => told.Event,
    };

    private static string Warming(DeploymentEvent told) => told switch
    {
        { Share: 0 } => $"slow start of {Release(told)}",
        { Share: { } share } => $"slow start: {share} % of new requests go to {Release(told)}",
        { Answered: { } answered } => string.Create(
            CultureInfo.InvariantCulture,
            $"warmed up {Count(told.Workers, "worker")}: {Count(answered, "request")} answered, {Slowest(told)}{(told.Unexpected > 0 ? $"; {told.Unexpected} not as they should be" : "")}"),
        { Requests: { } requests } => $"warming up {Count(told.Workers, "worker")} with {Count(requests, "request")}{(told.Workers > 1 ? " each" : "")}",
        _ => told.Event,
    };

    private static string Slowest(DeploymentEvent told) => string.Create(
        CultureInfo.InvariantCulture,
        $"the slowest of the first round after {told.FirstRoundMs} ms{(told.LastRoundMs is { } last ? string.Create(CultureInfo.InvariantCulture, $", of the last after {last} ms") : "")}");

    private static string Signature(DeploymentEvent told) =>
        told.SignedBy is null ? "" : $", signed by {told.SignedBy}{(told.Sequence is { } number ? $" as number {number}" : "")}";

    private static string Release(DeploymentEvent told) => $"release {told.Release} ({told.Label})";

    private static string Count(int? count, string noun) => count == 1 ? $"1 {noun}" : $"{count ?? 0} {noun}s";
}
