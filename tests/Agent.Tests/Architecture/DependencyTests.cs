using System.Reflection;
using BlueGreen.Agent.Cli;
using BlueGreen.Agent.Control;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.State;
using BlueGreen.Proxy;

namespace BlueGreen.Agent.Tests.Architecture;

/// <summary>
/// Dependencies point one way: Cli -> ControlClient -> Contracts; ControlEndpoints -> Deployments -> {Releases, Workers, Health,
/// State, AccessLogs, Proxy}, which do not know each other, but that AccessLogs takes what the Proxy tells. Hosting puts it all together.
/// </summary>
public sealed class DependencyTests
{
    private const string Agent = "BlueGreen.Agent", Proxy = "BlueGreen.Proxy", Contracts = Agent + ".Control.Contracts", Hosting = Agent + ".Hosting";

    private static readonly Assembly AgentAssembly = typeof(CommandTable).Assembly;

    /// <summary>What each part may know besides itself. A part is the longest of these names that a namespace begins with.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        // The exit codes and the error with a line for the user.
        [Agent] = [],
        [Agent + ".Releases"] = [],
        [Agent + ".Workers"] = [],
        [Agent + ".Health"] = [],
        [Agent + ".State"] = [],
        [Agent + ".AccessLogs"] = [Proxy],
        [Contracts] = [],
        [Proxy] = [],
        // The events of a deployment are the contract itself, not a copy of something inside.
        [Agent + ".Deployments"] = [Agent + ".Releases", Agent + ".Workers", Agent + ".Health", Agent + ".State", Agent + ".AccessLogs", Proxy, Contracts],
        [Agent + ".Control"] = [Agent, Contracts, Agent + ".Deployments", Agent + ".Releases", Agent + ".Workers", Agent + ".State"],
        [Agent + ".Cli"] = [Agent, Agent + ".Control", Contracts, Hosting, Hosting + ".Configuration", Agent + ".Deployments", Agent + ".Releases", Agent + ".State"],
        [Hosting + ".Configuration"] = [Hosting, Agent + ".Deployments", Agent + ".Releases", Agent + ".Health", Agent + ".Workers", Agent + ".AccessLogs", Proxy],
        [Hosting] =
        [
            Agent, Agent + ".Control", Contracts, Agent + ".Deployments", Agent + ".Releases", Agent + ".Workers", Agent + ".Health",
            Agent + ".State", Agent + ".AccessLogs", Proxy, Hosting + ".Configuration",
        ],
        // Program.
        [""] = [Agent + ".Cli", Hosting],
    };

    public static TheoryData<string> Parts => [.. Allowed.Keys.Where(part => part != Proxy)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_of_the_agent_knows_only_what_it_may(string part)
    {
        var types = AgentAssembly.GetTypes().Where(type => PartOf(type.Namespace) == part).ToArray();
        Assert.NotEmpty(types);

        var wrong =
            from type in types
            from known in TypeReferences.Of(type)
            where IsOurs(known) && PartOf(known.Namespace) is var other && other != part && !Allowed[part].Contains(other)
            select $"{type} knows {known}";

        Assert.Empty(wrong.Distinct());
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void The_usings_of_a_part_name_only_what_it_may_know(string part)
    {
        var wrong =
            from file in SourceFolder.Files("Agent")
            where PartOf(file.Namespace) == part
            from used in file.Usings
            where PartOf(used) is var other && other != part && !Allowed[part].Contains(other)
            select $"{file.File} uses {used}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_proxy_knows_nothing_of_the_agent()
    {
        Assert.DoesNotContain(
            typeof(ProxyServer).Assembly.GetReferencedAssemblies(), name => name.Name == AgentAssembly.GetName().Name);
        Assert.All(
            SourceFolder.Files("Proxy"), file => Assert.All(file.Usings, used => Assert.StartsWith(Proxy, used, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_control_client_knows_the_contracts_only()
    {
        var known = WithNested(typeof(ControlClient)).SelectMany(TypeReferences.Of).Where(type => IsOurs(type) && !IsPartOf(type, typeof(ControlClient)));

        Assert.All(known, type => Assert.True(
            type.Namespace == Contracts || type == typeof(UserError) || type == typeof(ExitCodes), $"ControlClient knows {type}"));
    }

    [Fact]
    public void The_command_line_reaches_a_front_through_the_control_client_only()
    {
        Type[] mayBeKnown = [typeof(ControlClient), typeof(ControlServer), typeof(AppOptions), typeof(StateDirectory)];
        string[] guarded = [Agent + ".Control", Agent + ".Deployments", Agent + ".State"];

        var wrong =
            from type in AgentAssembly.GetTypes()
            where PartOf(type.Namespace) == Agent + ".Cli"
            from known in TypeReferences.Of(type)
            where IsOurs(known) && guarded.Contains(PartOf(known.Namespace)) && !mayBeKnown.Contains(known)
            select $"{type} knows {known}";

        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Every_namespace_has_its_place_in_the_table()
    {
        var namespaces = AgentAssembly.GetTypes().Where(IsOurs).Select(type => type.Namespace ?? "").Distinct();

        Assert.All(namespaces, name => Assert.True(name is "" or Agent || PartOf(name) is not (Agent or ""), $"{name} is not in the table"));
    }

    [Fact]
    public void References_in_code_are_seen()
    {
        Assert.Contains(typeof(UserError), TypeReferences.Of(typeof(DependencyTests)));
        Assert.Contains(typeof(InvalidOperationException), TypeReferences.Of(typeof(DeploymentTransitions)));
        Assert.Contains(typeof(HashSet<>), TypeReferences.Of(typeof(TypeReferences)));
    }

    private static bool IsOurs(Type type) =>
        (type.Assembly == AgentAssembly || type.Assembly == typeof(ProxyServer).Assembly)
        && (type.Namespace is null ? type.Name.StartsWith("Program", StringComparison.Ordinal) : type.Namespace.StartsWith("BlueGreen", StringComparison.Ordinal));

    private static string PartOf(string? name) => Allowed.Keys
        .Where(part => name is null ? part.Length == 0 : name == part || (part.Length > 0 && name.StartsWith(part + ".", StringComparison.Ordinal)))
        .MaxBy(part => part.Length) ?? "outside";

    private static IEnumerable<Type> WithNested(Type type) =>
        type.GetNestedTypes(BindingFlags.NonPublic | BindingFlags.Public).SelectMany(WithNested).Prepend(type);

    private static bool IsPartOf(Type type, Type whole) =>
        type == whole || (type.DeclaringType is { } outer && IsPartOf(outer, whole));
}
