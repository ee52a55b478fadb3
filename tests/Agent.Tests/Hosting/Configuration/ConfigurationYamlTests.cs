namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class ConfigurationYamlTests
{
    private const string UnknownAnchor = "'*' refers to an anchor '&', and none above has this name: quote the value if the '*' belongs to it";

    [Theory]
    [InlineData("apps:\n\tweb: {}", "2:1: not valid YAML: a tab indents this line: use spaces")]
    [InlineData("apps:\n  web:\n    path: /a\n\t  bind: tcp\n", "4:1: not valid YAML: a tab indents this line: use spaces")]
    [InlineData("state: a: b", "1:9: not valid YAML: a ':' does not fit here: check the indentation, or quote the value the ':' belongs to")]
    [InlineData("state: /x\n  listen: 80", "2:9: not valid YAML: a ':' does not fit here: check the indentation, or quote the value the ':' belongs to")]
    [InlineData("listen: [80", "1:12: not valid YAML: expected ',' or ']' in a list: a value that holds one of [ ] { } , needs quotes")]
    [InlineData("listen: [http://[::]:80]", "1:17: not valid YAML: expected ',' or ']' in a list: a value that holds one of [ ] { } , needs quotes")]
    [InlineData("listen: [80\n\n# end\n", "3:6: not valid YAML: expected ',' or ']' in a list: a value that holds one of [ ] { } , needs quotes")]
    [InlineData("apps: {web: {env: {A: !!str}}}", "1:23: not valid YAML: While scanning a tag, did not find expected whitespace, comma or line break")]
    [InlineData("apps: {web: {}", "1:15: not valid YAML: expected ',' or '}' in a map: a value that holds one of [ ] { } , needs quotes")]
    [InlineData("- a\nb: c", "2:1: not valid YAML: expected another '-' of the list: check the indentation")]
    [InlineData("state: 'x' y", "1:12: not valid YAML: expected a key: check the indentation, and the quotes of the value before")]
    [InlineData("state: 'x", "1:8: not valid YAML: the quote that opens here is never closed")]
    [InlineData("state: \"\\q\"", "1:8: not valid YAML: unknown '\\' escape in double quotes: write '\\\\', or use single quotes")]
    [InlineData("state: @x", "1:8: not valid YAML: a value cannot begin with this character: quote it")]
    [InlineData("apps: {\n`x", "2:1: not valid YAML: the text makes no sense from here on")]
    [InlineData("apps: !![", "1:10: not valid YAML: the text makes no sense from here on")]
    [InlineData("tls:\n : certificates: []\n  redirect: false", "3:3: not valid YAML: the text makes no sense from here on")]
    [InlineData("%YAML 9.9\n---\nstate: /x", "1:1: not valid YAML: Found incompatible YAML document")]
    [InlineData("state: /x\n---\nstate: /y", "2:1: a second document begins here: only one is read, so remove the '---' or what follows it")]
    [InlineData("state: !secret x", "1:8: tags such as '!name' are not supported: quote the value if the '!' belongs to it")]
    [InlineData("? [a]\n: b", "1:3: a key must be a single word or text")]
    [InlineData("state: \"x\u0007\"", "1:10: control character U+0007: this is not a text file, or it is damaged")]
    [InlineData("listen: 80\nstate: x\0\nbogus: 1", "2:9: control character U+0000: this is not a text file, or it is damaged")]
    [InlineData("listen: *:8080", "1:9: " + UnknownAnchor)]
    [InlineData("apps: {web: {hosts: [*.example.com]}}", "1:22: " + UnknownAnchor)]
    [InlineData("apps: {web: {health: &h {path: *h}}}", "1:32: " + UnknownAnchor)]
    [InlineData("<<: 5", "1:5: '<<' takes a map, or a list of maps, to merge in")]
    [InlineData("<<: [{state: /x}, *x]", "1:19: " + UnknownAnchor)]
    public void What_is_no_plain_YAML_is_an_error_where_it_stands(string text, string error)
    {
        Assert.Equal(error, Assert.Single(Yaml.Errors(text)));
    }

    [Fact]
    public void Aliases_and_merge_keys_share_settings_between_apps()
    {
        var options = Yaml.Parse(
            """
            apps:
              web: &web
                command: &start ./server
                instances: 2
                health: &health {path: /ready, passes: 5}
                env: &env {A: 1, B: 2}
              api:
                <<: *web
                path: /api
                env: {<<: *env, B: 3}
              admin:
                path: /admin
                command: *start
                health: {<<: [{passes: 7}, *health], interval: 3s}
            """);

        var (api, admin) = (options.Apps[1], options.Apps[2]);
        Assert.Equal(("./server", 2, "/api", 5), (api.Command, api.Instances, api.Path, api.Health.Passes));
        Assert.Equal(new Dictionary<string, string> { ["A"] = "1", ["B"] = "3" }, api.Env);
        Assert.Equal(("./server", 1), (admin.Command, admin.Instances));
        Assert.Equal((7, "/ready", TimeSpan.FromSeconds(3)), (admin.Health.Passes, admin.Health.Path, admin.Health.Interval));
    }

    [Fact]
    public void An_error_in_an_anchor_is_reported_for_each_use_at_the_place_it_is_written()
    {
        Assert.Equal(
            [
                "2:26: apps.web.drain.stop: '5' has no unit: write '5s' for seconds",
                "2:26: apps.api.drain.stop: '5' has no unit: write '5s' for seconds",
            ],
            Yaml.Errors("apps:\n  web: {drain: &d {stop: 5}}\n  api: {path: /api, drain: *d}\n"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Endless_nesting_is_an_error_and_not_a_crash()
    {
        var text = "state: " + new string('[', 500_000) + new string(']', 500_000);

        var errors = await Task.Run(() => Yaml.Errors(text), TestContext.Current.CancellationToken);

        Assert.Equal(["1:39: not valid YAML: nested more than 32 levels deep"], errors);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_damaged_file_is_read_or_refused_but_never_crashes_the_reader()
    {
        var sample = SampleConfiguration.Uncommented();
        var random = new Random(20_240_229);

        var refused = await Task.Run(
            () => Enumerable.Range(0, 600).Count(_ => Yaml.Errors(Damage(sample, random)).Length > 0),
            TestContext.Current.CancellationToken);

        Assert.InRange(refused, 200, 599);
    }

    private static string Damage(string text, Random random)
    {
        const string odd = "\t\n:-[]{}&*!|>'\"%@`#,?~ \0é0";
        var damaged = new System.Text.StringBuilder(text);
        for (var blow = random.Next(1, 6); blow > 0; blow--)
        {
            var at = random.Next(damaged.Length);
            _ = random.Next(3) switch
            {
                0 => damaged.Remove(at, Math.Min(random.Next(1, 20), damaged.Length - at)),
                1 => damaged.Insert(at, odd[random.Next(odd.Length)]),
                _ => damaged.Replace(damaged[at], odd[random.Next(odd.Length)], at, 1),
            };
        }

        return damaged.ToString();
    }
}
