namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class ConfigurationEnvTests
{
    [Theory]
    [InlineData("on", "on")]
    [InlineData("No", "No")]
    [InlineData("true", "true")]
    [InlineData("1.10", "1.10")]
    [InlineData("0755", "0755")]
    [InlineData("1e3", "1e3")]
    [InlineData("0x1F", "0x1F")]
    [InlineData("12:30:45", "12:30:45")]
    [InlineData("2024-01-01", "2024-01-01")]
    [InlineData("!!str 5", "5")]
    [InlineData("!!bool yes", "yes")]
    [InlineData("''", "")]
    [InlineData("'~'", "~")]
    [InlineData("\"null\"", "null")]
    [InlineData("'a # b'", "a # b")]
    [InlineData("\"tab\\tline\\nend\"", "tab\tline\nend")]
    [InlineData("a=b;c", "a=b;c")]
    [InlineData("ünïcode 😀", "ünïcode 😀")]
    public void A_value_stays_what_was_written(string written, string value)
    {
        Assert.Equal(value, Yaml.App($"env: {{KEY: {written}}}").Env["KEY"]);
        Assert.Equal(value, Yaml.App($"env:\n  KEY: {written}").Env["KEY"]);
    }

    [Fact]
    public void Names_differ_by_case()
    {
        var env = Yaml.App("env: {key: a, KEY: b, _x: c, port: d}").Env;

        Assert.Equal(new Dictionary<string, string> { ["key"] = "a", ["KEY"] = "b", ["_x"] = "c", ["port"] = "d" }, env);
    }

    [Theory]
    [InlineData("{PORT: 80}", "3:11: apps.web.env: the front sets PORT itself, for each worker: remove it")]
    [InlineData("{HOST: x}", "3:11: apps.web.env: the front sets HOST itself, for each worker: remove it")]
    [InlineData("{SOCKET: x}", "3:11: apps.web.env: the front sets SOCKET itself, for each worker: remove it")]
    [InlineData("{ASPNETCORE_URLS: x}", "3:11: apps.web.env: the front sets ASPNETCORE_URLS itself, for each worker: remove it")]
    [InlineData("{BLUEGREEN_ANY: x}", "3:11: apps.web.env: the front sets BLUEGREEN_ANY itself, for each worker: remove it")]
    [InlineData("{1A: x}", "3:11: apps.web.env: '1A' is not a name for a variable: letters, digits and '_', the first not a digit")]
    [InlineData("{a-b: x}", "3:11: apps.web.env: 'a-b' is not a name for a variable: letters, digits and '_', the first not a digit")]
    [InlineData("{Ä: x}", "3:11: apps.web.env: 'Ä' is not a name for a variable: letters, digits and '_', the first not a digit")]
    [InlineData("{'': x}", "3:11: apps.web.env: '' is not a name for a variable: letters, digits and '_', the first not a digit")]
    [InlineData("{A: }", "3:14: apps.web.env.A: has no value: write '' for an empty one")]
    [InlineData("{A: ~}", "3:14: apps.web.env.A: has no value: write '' for an empty one")]
    [InlineData("{A: [SECRET]}", "3:14: apps.web.env.A: expected a single value, found a list")]
    [InlineData("{A: {SECRET: 1}}", "3:14: apps.web.env.A: expected a single value, found a map")]
    [InlineData("{A: \"SECRET\\0\"}", "3:14: apps.web.env.A: must not contain a NUL character")]
    [InlineData("{A: *SECRET}", "3:14: '*' refers to an anchor '&', and none above has this name: quote the value if the '*' belongs to it")]
    [InlineData("{A: !SECRET x}", "3:14: tags such as '!name' are not supported: quote the value if the '!' belongs to it")]
    [InlineData("{A=SECRET: }", "3:11: apps.web.env: write 'A: value' instead of 'A=value'")]
    [InlineData("[A=SECRET]", "3:10: apps.web.env: expected a map from names to values, found a list")]
    [InlineData("A=SECRET", "3:10: apps.web.env: expected a map from names to values, found a single value")]
    [InlineData("{A: %SECRET}", "3:14: not valid YAML: a value cannot begin with this character: quote it")]
    public void A_bad_variable_is_an_error_that_never_shows_its_value(string env, string error)
    {
        Assert.Equal(error, Yaml.AppError($"env: {env}"));
        Assert.DoesNotContain("SECRET", error, StringComparison.Ordinal);
    }
}
