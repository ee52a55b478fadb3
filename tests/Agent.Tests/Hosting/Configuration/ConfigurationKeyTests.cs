namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class ConfigurationKeyTests
{
    [Theory]
    [InlineData("lisen: 8080", "1:1: unknown key 'lisen'; did you mean 'listen'?")]
    [InlineData("\n  App: {}", "2:3: unknown key 'App'; did you mean 'apps'?")]
    [InlineData("web: {}", "1:1: unknown key 'web'; the keys are listen, trustedProxies, tls, state, limits, webhooks and apps")]
    [InlineData("'': 1", "1:1: unknown key ''; the keys are listen, trustedProxies, tls, state, limits, webhooks and apps")]
    [InlineData("apps:\n  web:\n    instnaces: 2", "3:5: unknown key 'instnaces' in apps.web; did you mean 'instances'?")]
    [InlineData("apps:\n  web:\n    Instances: 2", "3:5: unknown key 'Instances' in apps.web; did you mean 'instances'?")]
    [InlineData("apps:\n  web:\n    evn: {}", "3:5: unknown key 'evn' in apps.web; did you mean 'env'?")]
    [InlineData(
        "apps:\n  web:\n    timeout: 2s",
        "3:5: unknown key 'timeout' in apps.web; the keys are hosts, path, source, trust, limits, command, bind, instances, processes, roles, env, preflight, hooks, health, warmup, slowStart, hold, probation, drain, keep and accessLog")]
    [InlineData("apps: {api: {health: {pass: 3}}}", "1:23: unknown key 'pass' in apps.api.health; did you mean 'passes'?")]
    [InlineData("apps: {api: {drain: {x: 3}}}", "1:22: unknown key 'x' in apps.api.drain; the keys are requests, streams and stop")]
    [InlineData("apps: {api: {trust: {key: x}}}", "1:22: unknown key 'key' in apps.api.trust; did you mean 'keys'?")]
    [InlineData("apps: {api: {limits: {files: 3}}}", "1:23: unknown key 'files' in apps.api.limits; the keys are size, entries and ratio")]
    [InlineData("apps: {api: {warmUp: {}}}", "1:14: unknown key 'warmUp' in apps.api; did you mean 'warmup'?")]
    [InlineData("apps: {api: {warmup: {paths: /}}}", "1:23: unknown key 'paths' in apps.api.warmup; the keys are requests, concurrency, rounds, for, statuses, host, replay and replayQueries")]
    [InlineData("apps: {api: {warmup: {replayqueries: true}}}", "1:23: unknown key 'replayqueries' in apps.api.warmup; did you mean 'replayQueries'?")]
    [InlineData("apps: {api: {keep: {wrm: 3s}}}", "1:21: unknown key 'wrm' in apps.api.keep; did you mean 'warm'?")]
    [InlineData("apps: {api: {accesslog: {}}}", "1:14: unknown key 'accesslog' in apps.api; did you mean 'accessLog'?")]
    [InlineData("apps: {api: {accessLog: {file: x}}}", "1:26: unknown key 'file' in apps.api.accessLog; the keys are format, path, size and keep")]
    [InlineData("tls: {certs: []}", "1:7: unknown key 'certs' in tls; the keys are certificates and redirect")]
    [InlineData("tls: {certificates: {cert: x, certificate: y}}", "1:22: unknown key 'cert' in tls.certificates; the keys are hosts, certificate, key and password")]
    [InlineData("webhooks: {urls: x}", "1:12: unknown key 'urls' in webhooks; did you mean 'url'?")]
    [InlineData("apps: {api: {preflight: {cmd: x}}}", "1:26: unknown key 'cmd' in apps.api.preflight; the keys are command and timeout")]
    [InlineData("apps: {api: {processes: {cron: {singelton: false}}}}", "1:33: unknown key 'singelton' in apps.api.processes.cron; did you mean 'singleton'?")]
    [InlineData("apps: {api: {processes: {web: {limits: {cpu: 1}}}}}", "1:41: unknown key 'cpu' in apps.api.processes.web.limits; the keys are user, group, nice, files, memory, umask and folder")]
    [InlineData("apps: {api: {processes: {release: {singleton: false}}}}", "1:36: unknown key 'singleton' in apps.api.processes.release; the keys are command, timeout and limits")]
    [InlineData("apps: {api: {roles: {pth: /x}}}", "1:22: unknown key 'pth' in apps.api.roles; did you mean 'path'?")]
    [InlineData("apps: {api: {hooks: {befor: x}}}", "1:22: unknown key 'befor' in apps.api.hooks; did you mean 'before'?")]
    [InlineData("limits: {keepalive: 1m}", "1:10: unknown key 'keepalive' in limits; did you mean 'keepAlive'?")]
    public void An_unknown_key_names_the_nearest_valid_one(string text, string error)
    {
        Assert.Equal(error, Assert.Single(Yaml.Errors(text)));
    }

    [Theory]
    [InlineData("state: /a\nstate: /b", "2:1: duplicate key 'state', first given at line 1, column 1")]
    [InlineData("apps:\n  web:\n  api: {path: /api}\n  web:", "4:3: duplicate key 'web' in apps, first given at line 2, column 3")]
    [InlineData("apps: {web: {path: /a, path: /b}}", "1:24: duplicate key 'path' in apps.web, first given at line 1, column 14")]
    [InlineData("apps: {web: {env: {A: 1, 'A': 2}}}", "1:26: duplicate key 'A' in apps.web.env, first given at line 1, column 20")]
    [InlineData("apps: {web: {keep: {warm: 0, warm: 1}}}", "1:30: duplicate key 'warm' in apps.web.keep, first given at line 1, column 21")]
    public void A_duplicate_key_names_both_places(string text, string error)
    {
        Assert.Equal(error, Assert.Single(Yaml.Errors(text)));
    }

    [Theory]
    [InlineData("'my app'", "my app")]
    [InlineData("-web", "-web")]
    [InlineData("_web", "_web")]
    [InlineData("a/b", "a/b")]
    [InlineData("..", "..")]
    [InlineData("wéb", "wéb")]
    [InlineData("a2345678901234567890123456789012345678901234567890123456789012345", "a2345678901234567890123456789012345678901234567890123456789012345")]
    public void A_bad_name_for_an_app_is_an_error(string written, string name)
    {
        Assert.Equal(
            $"2:3: '{name}' is not a name for an app: letters, digits, '-' and '_', the first a letter or digit, at most 64",
            Assert.Single(Yaml.Errors($"apps:\n  {written}: {{}}")));
    }

    [Fact]
    public void All_errors_come_at_once_in_order_of_position()
    {
        var errors = Yaml.Errors(
            """
            apps:
              web:
                instances: 0
                health: {passes: 0, pth: /x, interval: fast}
                hosts: [ok.example.com, "a b", 7:7]
                instances: 3
              'b d': {bind: udp}
            listen: ftp://127.0.0.1:80
            stat: /x
            """);

        Assert.Equal(
            [
                "3:16: apps.web.instances: expected a whole number from 1 to 100, found '0'",
                "4:22: apps.web.health.passes: expected a whole number from 1 to 100, found '0'",
                "4:25: unknown key 'pth' in apps.web.health; did you mean 'path'?",
                "4:44: apps.web.health.interval: 'fast' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s",
                "5:29: apps.web.hosts: 'a b' is not a host name such as example.com or *.example.com",
                "5:36: apps.web.hosts: '7:7' has a port: write the host name without it, an app answers on every port the front listens on",
                "6:5: duplicate key 'instances' in apps.web, first given at line 3, column 5",
                "7:3: 'b d' is not a name for an app: letters, digits, '-' and '_', the first a letter or digit, at most 64",
                "7:17: apps.b d.bind: unknown value 'udp'; the values are auto, tcp and unix",
                "8:9: listen: 'ftp' cannot be listened on: write http://IP:PORT, http://localhost:PORT or http://*:PORT, or the same with https",
                "9:1: unknown key 'stat'; did you mean 'state'?",
            ],
            errors);
    }
}
