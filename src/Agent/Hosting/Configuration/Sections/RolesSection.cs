using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.Hosting.Configuration.Binding;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of an app's <c>roles</c>.</summary>
internal static class RolesSection
{
    /// <summary>See <see cref="RoleOptions"/>.</summary>
    public static Section<RoleOptions> Section { get; } = new()
    {
        { "path", TextReaders.Of<string>("a path such as /-/role", RequestPath.TryParseTarget), (roles, path) => roles with { Path = path } },
        { "timeout", DurationReaders.MoreThanZero, (roles, timeout) => roles with { Timeout = timeout } },
        {
            "onTimeout", TextReaders.OneOf(("fail", OnRoleTimeout.Fail), ("continue", OnRoleTimeout.Continue)),
            (roles, onTimeout) => roles with { OnTimeout = onTimeout }
        },
    };
}
