namespace BlueGreen.Proxy.Tests.Http2;

/// <summary>What a client sends after its preface and settings, and what must become of it.</summary>
/// <param name="Name">The case of h2spec (summerwind/h2spec), by its group, section and number, and what it is about.</param>
/// <param name="Sent">The frames.</param>
/// <param name="Outcome">What the front does: an error, an answer, or nothing, so that a PING is answered.</param>
/// <param name="ReachesWorker">Whether a request that is whole and right stands in it. Otherwise the worker sees none.</param>
/// <param name="Instead">Where RFC 9113 asks for something else: what, and why that is no harm. Null: it does not.</param>
public sealed record Http2Case(string Name, string Sent, string Outcome, bool ReachesWorker = false, string? Instead = null)
{
    public override string ToString() => Name;
}
