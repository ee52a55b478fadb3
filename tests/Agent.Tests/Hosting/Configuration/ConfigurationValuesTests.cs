using BlueGreen.Agent.AccessLogs;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Hooks;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.Deployments.WarmUps;
using BlueGreen.Agent.Health;
using BlueGreen.Agent.Hosting.Webhooks;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Workers;
using BlueGreen.Agent.Workers.Limits;
using BlueGreen.Proxy;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class ConfigurationValuesTests
{
    [Fact]
    public void Every_key_reaches_its_option()
    {
        var options = Yaml.Parse(
            """
            listen: [http://127.0.0.1:9000, 'http://[::1]:9001?proxyProtocol=required']
            trustedProxies: [10.0.0.0/8, "fd00::/8", 192.0.2.7]
            state: /srv/state
            limits: {connections: 100, headers: 1s, keepAlive: 2m, requestRate: 0, responseRate: 1000, grace: 1500ms}
            webhooks: [{url: https://x/y, secret: a, events: [failed], apps: [api]}, {url: http://z, secretFile: key}]
            apps:
              api:
                hosts: [API.example.com, "*.example.org"]
                path: /api/
                source: ./current
                command: ./server --port $PORT
                bind: unix
                instances: 3
                processes: {release: ./migrate, cron: {command: ./cron, instances: 0}, queue: {singleton: false, instances: 4}, idle: ~}
                roles: {path: /-/role, timeout: 2s, onTimeout: continue}
                env: {KEY: value}
                preflight: {command: ./server --self-test, timeout: 5s}
                hooks: {before: ./before, after: ./after, failed: ./failed, timeout: 2s}
                health: {path: /ready?deep=1, interval: 2s, timeout: 250ms, passes: 4, deadline: 1m30s}
                warmup: {requests: [GET /, GET /p?page=1, HEAD /h, /bare], concurrency: 8, rounds: 100, for: 30s, statuses: [2xx, 404], host: A.example, replay: 50, replayQueries: true}
                slowStart: 10s
                drain: {requests: 1s, streams: 0, stop: 500ms}
                keep: {releases: 7, warm: 10m}
                accessLog: {format: json, path: logs/api.log, size: 64KiB, keep: 0}
            """);

        Assert.Equal(["http://127.0.0.1:9000/", "http://[::1]:9001/?proxyProtocol=required"], options.Listen.Select(address => address.ToString()));
        Assert.Equal(["10.0.0.0/8", "fd00::/8", "192.0.2.7/32"], options.TrustedProxies.Networks.Select(network => network.ToString()));
        Assert.Equal("/srv/state", options.State);
        Assert.Equal(
            new ClientLimits
            {
                Connections = 100,
                Headers = TimeSpan.FromSeconds(1),
                KeepAlive = TimeSpan.FromMinutes(2),
                RequestRate = 0,
                ResponseRate = 1000,
                Grace = TimeSpan.FromSeconds(1.5),
            },
            options.Limits);
        Assert.Equal(
            [
                new WebhookOptions { Url = new Uri("https://x/y"), Secret = "a", Events = ["failed"], Apps = ["api"] },
                new WebhookOptions { Url = new Uri("http://z"), SecretFile = "/etc/bluegreen/key" },
            ],
            options.Webhooks);
        var app = Assert.Single(options.Apps);
        Assert.Equal(new CommandOptions { Command = "./server --self-test", Timeout = TimeSpan.FromSeconds(5) }, app.Preflight);
        Assert.Equal(
            new HookOptions { Before = "./before", After = "./after", Failed = "./failed", Timeout = TimeSpan.FromSeconds(2), Directory = "/etc/bluegreen" },
            app.Hooks);
        Assert.Equal(
            new Dictionary<string, ProcessTypeOptions>
            {
                ["release"] = new() { Command = "./migrate" },
                ["cron"] = new() { Command = "./cron", Instances = 0 },
                ["queue"] = new() { Singleton = false, Instances = 4 },
                ["idle"] = new(),
            },
            app.Processes);
        Assert.Equal(new RoleOptions { Path = "/-/role", Timeout = TimeSpan.FromSeconds(2), OnTimeout = OnRoleTimeout.Continue }, app.Roles);
        Assert.Equal("api", app.Name);
        Assert.Equal(["api.example.com", "*.example.org"], app.Hosts);
        Assert.Equal("/api", app.Path);
        Assert.Equal("/etc/bluegreen/current", app.Source!.Address.Text);
        Assert.Equal("./server --port $PORT", app.Command);
        Assert.Equal(BindKind.Unix, app.Bind);
        Assert.Equal(3, app.Instances);
        Assert.Equal(new Dictionary<string, string> { ["KEY"] = "value" }, app.Env);
        Assert.Equal(
            new HealthOptions
            {
                Path = "/ready?deep=1",
                Interval = TimeSpan.FromSeconds(2),
                Timeout = TimeSpan.FromMilliseconds(250),
                Passes = 4,
                Deadline = TimeSpan.FromSeconds(90),
            },
            app.Health);
        Assert.Equal([new("GET", "/"), new("GET", "/p?page=1"), new("HEAD", "/h"), new WarmUpRequest("GET", "/bare")], app.WarmUp.Requests);
        Assert.Equal([new(200, 299), new StatusRange(404, 404)], app.WarmUp.Statuses);
        Assert.Equal(
            (8, 100, TimeSpan.FromSeconds(30), "a.example", 50, true),
            (app.WarmUp.Concurrency, app.WarmUp.Rounds, app.WarmUp.For, app.WarmUp.Host, app.WarmUp.Replay, app.WarmUp.ReplayQueries));
        Assert.Equal(TimeSpan.FromSeconds(10), app.SlowStart);
        Assert.Equal(
            new DrainOptions { Requests = TimeSpan.FromSeconds(1), Streams = TimeSpan.Zero, Stop = TimeSpan.FromMilliseconds(500) },
            app.Drain);
        Assert.Equal(new KeepOptions { Releases = 7, Warm = TimeSpan.FromMinutes(10) }, app.Keep);
        Assert.Equal(
            new AccessLogOptions { Format = AccessLogFormat.Json, Path = "/etc/bluegreen/logs/api.log", Size = 65_536, Keep = 0 }, app.AccessLog);
    }

    [Fact]
    public void Trusted_keys_are_keys_or_files()
    {
        var trust = Yaml.App(
            """
            trust:
              keys: [RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3, release.pem, /srv/RWQ.pub]
              require: true
              sequence: true
            """).Trust;

        Assert.Equal(["RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3", "/etc/bluegreen/release.pem", "/srv/RWQ.pub"], trust.Keys);
        Assert.True(trust.Require);
        Assert.True(trust.Sequence);
    }

    [Fact]
    public void Limits_of_releases()
    {
        Assert.Equal(
            new ReleaseLimits { Size = 3L << 29, Entries = 10, Ratio = 1000 }, Yaml.App("limits: {size: 1.5GiB, entries: 10, ratio: 1000}").Limits);
    }

    [Fact]
    public void A_preflight_may_be_its_command_alone() =>
        Assert.Equal(new CommandOptions { Command = "./app --self-test" }, Yaml.App("preflight: ./app --self-test").Preflight);

    [Fact]
    public void Apps_keep_the_order_of_the_file()
    {
        var options = Yaml.Parse("apps: {zeta: {path: /z}, alpha: {path: /a}, web: }");

        Assert.Equal(["zeta", "alpha", "web"], options.Apps.Select(app => app.Name));
    }

    [Theory]
    [InlineData("./current", "/etc/bluegreen/current")]
    [InlineData("current/", "/etc/bluegreen/current")]
    [InlineData("../other/x.tar.gz", "/etc/other/x.tar.gz")]
    [InlineData("/srv/app", "/srv/app")]
    [InlineData("/", "/")]
    [InlineData("1.10", "/etc/bluegreen/1.10")]
    [InlineData("'with blanks'", "/etc/bluegreen/with blanks")]
    public void A_relative_path_is_taken_from_the_folder_of_the_file(string written, string meant)
    {
        Assert.Equal(meant, Yaml.Parse($"state: {written}").State);
        Assert.Equal(meant, Yaml.App($"source: {written}").Source!.Address.Text);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/api", "/api")]
    [InlineData("/api/v1/", "/api/v1")]
    [InlineData("/ümlaut/a.b-c_d~e", "/ümlaut/a.b-c_d~e")]
    public void A_slash_at_the_end_of_a_prefix_changes_nothing(string written, string meant)
    {
        Assert.Equal(meant, Yaml.App($"path: {written}").Path);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("a.example.com")]
    [InlineData("127.0.0.1")]
    [InlineData("my_service.internal")]
    [InlineData("'*.example.com'")]
    [InlineData("'[::1]'")]
    [InlineData("xn--bcher-kva.example")]
    public void A_single_host_needs_no_brackets(string host)
    {
        Assert.Equal([host.Trim('\'')], Yaml.App($"hosts: {host}").Hosts);
    }

    [Fact]
    public void A_single_address_needs_no_brackets()
    {
        var address = Assert.Single(Yaml.Parse("listen: 9000").Listen);

        Assert.Equal("http://127.0.0.1:9000/", address.ToString());
    }

    [Fact]
    public void Two_apps_may_share_a_host_or_a_path_but_not_both()
    {
        var options = Yaml.Parse(
            """
            apps:
              web:
              api: {path: /api}
              one: {hosts: one.example.com}
              two: {hosts: two.example.com}
            """);

        Assert.Equal(4, options.Apps.Count);
    }

    [Fact]
    public void An_access_log_that_is_only_named_has_its_defaults()
    {
        Assert.Equal(new AccessLogOptions(), Yaml.App("accessLog: {}").AccessLog);
    }

    [Fact]
    public void A_short_deadline_is_not_held_against_the_default_timeout()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), Yaml.App("health: {deadline: 2s}").Health.Deadline);
    }

    [Fact]
    public void Port_zero_may_be_listened_on_twice()
    {
        Assert.Equal(2, Yaml.Parse("listen: [http://127.0.0.1:0, http://127.0.0.1:0]").Listen.Count);
    }

    [Fact]
    public void Limits_of_process_types_are_read()
    {
        var app = Yaml.Parse("""
            apps:
              web:
                processes:
                  web: {limits: {user: www-data, group: 33, nice: -5, files: 65536, memory: 512MB, umask: 027, folder: app/..}}
                  cron: {command: ./cron, limits: {user: 33, umask: "000", folder: /srv/data}}
                  release: {limits: {nice: 10}}
            """).Apps.Single();

        Assert.Equal(
            new ProcessLimits
            {
                User = "www-data",
                Group = "33",
                Nice = -5,
                OpenFiles = 65536,
                Memory = 512_000_000,
                Umask = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute,
                Folder = "app/..",
            },
            app.Process("web").Limits);
        Assert.Equal(new ProcessLimits { User = "33", Umask = UnixFileMode.None, Folder = "/srv/data" }, app.Process("cron").Limits);
        Assert.Equal(new ProcessLimits { Nice = 10 }, app.LimitsOfCommands);
        Assert.Equal(ProcessLimits.None, app.Process("worker").Limits);
        Assert.Equal(new ProcessLimits { Nice = 3 }, Yaml.Parse("apps: {web: {processes: {web: {limits: {nice: 3}}}}}").Apps.Single().LimitsOfCommands);
    }

    [Fact]
    public void Certificates_are_told_by_their_files_and_hosts()
    {
        var tls = Yaml.Parse(
            """
            listen: [http://*:80, https://*:443]
            tls:
              certificates:
                - {hosts: [Example.com, "*.example.com"], certificate: /etc/ssl/fullchain.pem, key: key.pem}
                - {certificate: site.pfx, password: 0755}
              redirect: true
            """).Tls;

        Assert.True(tls.Redirect);
        Assert.Equal(["/etc/ssl/fullchain.pem", "/etc/bluegreen/site.pfx"], tls.Certificates.Select(certificate => certificate.Certificate));
        Assert.Equal(["example.com", "*.example.com"], tls.Certificates[0].Hosts);
        Assert.Equal("/etc/bluegreen/key.pem", tls.Certificates[0].Key);
        Assert.Equal("0755", tls.Certificates[1].Password);
        Assert.DoesNotContain("0755", tls.Certificates[1].ToString(), StringComparison.Ordinal);
    }
}
