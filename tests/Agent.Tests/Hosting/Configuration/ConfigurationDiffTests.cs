using BlueGreen.Agent.Hosting.Configuration;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class ConfigurationDiffTests
{
    [Theory]
    [InlineData("hosts: [a.com]", "hosts: [b.com, a.com]", "web: hosts a.com -> a.com, b.com (now)")]
    [InlineData("hosts: []", "hosts: a.com", "web: hosts all -> a.com (now)")]
    [InlineData("path: /", "path: /api", "web: path / -> /api (now)")]
    [InlineData("source: ~", "source: /srv/b", "web: source none -> /srv/b (from the next release on)")]
    [InlineData("trust: {}", "trust: {keys: [/a.pub, /b.pem]}", "web: trust.keys none -> /a.pub, /b.pem (from the next release on)")]
    [InlineData("trust: {keys: /a}", "trust: {keys: /a, require: true}", "web: trust.require false -> true (from the next release on)")]
    [InlineData(
        "trust: {keys: /a, require: true}", "trust: {keys: /a, require: true, sequence: true}",
        "web: trust.sequence false -> true (from the next release on)")]
    [InlineData("limits: {size: 8GiB}", "limits: {size: 2GB}", "web: limits.size 8GiB -> 2GB (from the next release on)")]
    [InlineData("limits: {entries: 200000}", "limits: {entries: 5}", "web: limits.entries 200000 -> 5 (from the next release on)")]
    [InlineData("limits: {}", "limits: {ratio: 50}", "web: limits.ratio 200 -> 50 (from the next release on)")]
    [InlineData("command: ./a --key SECRET", "command: ./b", "web: command (from the next release on)")]
    [InlineData("bind: tcp", "bind: unix", "web: bind tcp -> unix (from the next release on)")]
    [InlineData("bind: tcp", "bind: auto", "web: bind tcp -> auto (from the next release on)")]
    [InlineData("instances: 1", "instances: 4", "web: instances 1 -> 4 (from the next release on)")]
    [InlineData("env: {A: SECRET, B: 1, C: 1}", "env: {B: SECRET, C: 1, D: 1}", "web: env A, B, D (from the next release on)")]
    [InlineData("processes: {cron: ./a SECRET}", "processes: {cron: ./b}", "web: processes.cron.command (from the next release on)")]
    [InlineData("processes: {q: {singleton: false, instances: 3}}", "processes: {q: {singleton: false}}", "web: processes.q.instances 3 -> 1 (now)")]
    [InlineData("processes: {web: {limits: {user: a}}}", "processes: {web: {limits: {user: b}}}", "web: processes.web.limits.user a -> b (for processes started from now on)")]
    [InlineData("processes: {web: {limits: {user: x, group: a}}}", "processes: {web: {limits: {user: x, group: b}}}", "web: processes.web.limits.group a -> b (for processes started from now on)")]
    [InlineData("processes: {web: {limits: {nice: 5}}}", "processes: {web: {limits: {}}}", "web: processes.web.limits.nice 5 -> none (for processes started from now on)")]
    [InlineData("processes: {web: {limits: {}}}", "processes: {web: {limits: {files: 512}}}", "web: processes.web.limits.files none -> 512 (for processes started from now on)")]
    [InlineData("processes: {web: {limits: {memory: 512MiB}}}", "processes: {web: {limits: {memory: 1GiB}}}", "web: processes.web.limits.memory 512MiB -> 1GiB (for processes started from now on)")]
    [InlineData("processes: {web: {limits: {umask: 027}}}", "processes: {web: {limits: {umask: 007}}}", "web: processes.web.limits.umask 027 -> 007 (for processes started from now on)")]
    [InlineData("processes: {web: {limits: {}}}", "processes: {web: {limits: {folder: app}}}", "web: processes.web.limits.folder none -> app (for processes started from now on)")]
    [InlineData("processes: {release: {timeout: 1m}}", "processes: {}", "web: processes.release.timeout 1m -> 10m (now)")]
    [InlineData("roles: {path: /a}", "roles: {path: /b}", "web: roles.path /a -> /b (now)")]
    [InlineData("roles: {}", "processes: {}", "web: roles on -> off (now)")]
    [InlineData("preflight: ./a --key SECRET", "preflight: ./b", "web: preflight (from the next release on)")]
    [InlineData("hooks: {after: ./a SECRET}", "hooks: {after: ./b}", "web: hooks (now)")]
    [InlineData("health: {}", "health: {path: /x}", "web: health.path default -> /x (now)")]
    [InlineData("health: {interval: 1s}", "health: {interval: 500ms}", "web: health.interval 1s -> 500ms (now)")]
    [InlineData("health: {timeout: 5s}", "health: {timeout: 6s}", "web: health.timeout 5s -> 6s (now)")]
    [InlineData("health: {passes: 2}", "health: {passes: 3}", "web: health.passes 2 -> 3 (now)")]
    [InlineData("health: {deadline: 60s}", "health: {deadline: 90s}", "web: health.deadline 1m -> 1m30s (now)")]
    [InlineData("warmup: {}", "warmup: {requests: [/, HEAD /a]}", "web: warmup.requests none -> GET /, HEAD /a (now)")]
    [InlineData("warmup: {}", "warmup: {concurrency: 2}", "web: warmup.concurrency 4 -> 2 (now)")]
    [InlineData("warmup: {}", "warmup: {rounds: 50}", "web: warmup.rounds 20 -> 50 (now)")]
    [InlineData("warmup: {}", "warmup: {for: 10s}", "web: warmup.for 5s -> 10s (now)")]
    [InlineData("warmup: {}", "warmup: {statuses: [2xx, 404]}", "web: warmup.statuses 2xx, 3xx -> 2xx, 404 (now)")]
    [InlineData("warmup: {}", "warmup: {host: a.com}", "web: warmup.host default -> a.com (now)")]
    [InlineData("warmup: {}", "warmup: {replay: 50}", "web: warmup.replay 0 -> 50 (now)")]
    [InlineData("warmup: {replay: 5, replayQueries: true}", "warmup: {replay: 5}", "web: warmup.replayQueries true -> false (now)")]
    [InlineData("slowStart: 0s", "slowStart: 10s", "web: slowStart 0s -> 10s (now)")]
    [InlineData("drain: {requests: 30s}", "drain: {requests: 10s}", "web: drain.requests 30s -> 10s (now)")]
    [InlineData("drain: {streams: 60s}", "drain: {streams: 0}", "web: drain.streams 1m -> 0s (now)")]
    [InlineData("drain: {stop: 10s}", "drain: {stop: 1s}", "web: drain.stop 10s -> 1s (now)")]
    [InlineData("keep: {releases: 5}", "keep: {releases: 1}", "web: keep.releases 5 -> 1 (now)")]
    [InlineData("keep: {warm: 0}", "keep: {warm: 10m}", "web: keep.warm 0s -> 10m (now)")]
    [InlineData("accessLog: ~", "accessLog: {format: json}", "web: accessLog off -> json (now)")]
    [InlineData("accessLog: {path: /x}", "accessLog: ~", "web: accessLog combined -> off (now)")]
    [InlineData("accessLog: {}", "accessLog: {format: json}", "web: accessLog.format combined -> json (now)")]
    [InlineData("accessLog: {}", "accessLog: {path: /x}", "web: accessLog.path default -> /x (now)")]
    [InlineData("accessLog: {}", "accessLog: {size: 0}", "web: accessLog.size 100MiB -> 0 (now)")]
    [InlineData("accessLog: {}", "accessLog: {keep: 9}", "web: accessLog.keep 5 -> 9 (now)")]
    public void A_changed_key_of_an_app_is_one_line_that_says_when_it_applies(string old, string @new, string line)
    {
        var change = Between($"apps: {{web: {{{old}}}}}", $"apps: {{web: {{{@new}}}}}");

        Assert.Equal([line], change.Applied);
        Assert.Empty(change.NeedsRestart);
        Assert.False(change.IsEmpty);
    }

    [Fact]
    public void Webhooks_are_counted_not_shown()
    {
        Assert.Equal(["webhooks changed, 0 -> 1 (now)"], Between("", "webhooks: {url: https://x/SECRET}").Applied);
        Assert.Empty(Between("webhooks: {url: https://x/y, events: [failed]}", "webhooks: [{events: failed, url: https://x/y}]").Applied);
    }

    [Fact]
    public void Apps_that_come_and_go_are_named()
    {
        var change = Between("apps: {web: , old: {path: /old}}", "apps: {new: {path: /new}, web: {path: /w}}");

        Assert.Equal(["old: removed (now)", "new: added (now)", "web: path / -> /w (now)"], change.Applied);
    }

    [Fact]
    public void Listeners_and_the_state_folder_need_a_restart()
    {
        var change = Between("listen: 8080", "{listen: [8080, 9090], state: /srv/state}");

        Assert.Empty(change.Applied);
        Assert.Equal(
            [
                "listen http://127.0.0.1:8080 -> http://127.0.0.1:8080, http://127.0.0.1:9090 (needs a restart of the front)",
                "state default -> /srv/state (needs a restart of the front)",
            ],
            change.NeedsRestart);
        Assert.False(change.IsEmpty);
    }

    [Theory]
    [InlineData("connections: 100", "limits.connections default -> 100")]
    [InlineData("headers: 10s", "limits.headers 30s -> 10s")]
    [InlineData("keepAlive: 1m", "limits.keepAlive 2m10s -> 1m")]
    [InlineData("requestRate: 0", "limits.requestRate 240 -> 0")]
    [InlineData("responseRate: 1000", "limits.responseRate 240 -> 1000")]
    [InlineData("grace: 10s", "limits.grace 5s -> 10s")]
    public void Limits_need_a_restart(string limit, string line)
    {
        var change = Between("", $"limits: {{{limit}}}");

        Assert.Empty(change.Applied);
        Assert.Equal([$"{line} (needs a restart of the front)"], change.NeedsRestart);
    }

    [Theory]
    [InlineData("", "trustedProxies: []", "trustedProxies 127.0.0.0/8, ::1 -> nobody (now)")]
    [InlineData("trustedProxies: []", "trustedProxies: ['fd00::/8', 10.0.0.7/32]", "trustedProxies nobody -> fd00::/8, 10.0.0.7 (now)")]
    [InlineData("", "trustedProxies: ['::1', 127.0.0.0/8]", null)]
    public void Who_is_trusted_changes_at_once(string old, string @new, string? line)
    {
        var change = Between(old, @new);

        Assert.Equal(line is null ? [] : [line], change.Applied);
        Assert.Empty(change.NeedsRestart);
    }

    [Theory]
    [InlineData("{}", "{redirect: true}", "tls.redirect false -> true (now)")]
    [InlineData("{}", "{certificates: {certificate: /a}}", "tls.certificates /a: added (now)")]
    [InlineData("{certificates: {certificate: /a}}", "{}", "tls.certificates /a: removed (now)")]
    [InlineData("{certificates: {certificate: /a, hosts: a.com}}", "{certificates: {certificate: /a}}", "tls.certificates /a: changed (now)")]
    [InlineData("{certificates: {certificate: /a}}", "{certificates: {certificate: /a, key: /k}}", "tls.certificates /a: changed (now)")]
    [InlineData(
        "{certificates: {certificate: /a, password: SECRET}}", "{certificates: {certificate: /a, password: OTHER}}", "tls.certificates /a: changed (now)")]
    [InlineData(
        "{certificates: [{certificate: /a}, {certificate: /b}]}", "{certificates: [{certificate: /b}, {certificate: /a}]}",
        "tls.certificates: in another order (now)")]
    [InlineData("{certificates: {certificate: /a, hosts: [a.com, b.com]}}", "{certificates: [{certificate: /a, hosts: [b.com, a.com]}]}", null)]
    public void Certificates_change_at_once_and_no_line_holds_a_password(string old, string @new, string? line)
    {
        var change = Between($"tls: {old}", $"tls: {@new}");

        Assert.Equal(line is null ? [] : [line], change.Applied);
        Assert.Empty(change.NeedsRestart);
    }

    [Fact]
    public void The_same_configuration_in_other_words_is_no_change()
    {
        var change = Between(
            "{listen: [8080, 9090], apps: {web: {hosts: [a.com, b.com], path: /x/, env: {A: 1, B: 2}, keep: {warm: 60s}}}}",
            "{listen: [9090, 'http://127.0.0.1:8080'], apps: {web: {hosts: [B.com, A.com], path: /x, env: {B: '2', A: '1'}, keep: {warm: 1m}}}}");

        Assert.True(change.IsEmpty);
    }

    private static ConfigurationChange Between(string old, string @new) =>
        ConfigurationDiff.Between(Yaml.Parse(old), Yaml.Parse(@new));
}
