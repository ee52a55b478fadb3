using System.Runtime.Versioning;
using System.Text;
using BlueGreen.Agent.Hosting.Configuration;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bluegreen-config-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_is_read_and_its_folder_is_the_base_of_relative_paths()
    {
        var path = Write("state: ./state\n"u8);

        Assert.Equal(Path.Combine(_folder.FullName, "state"), ConfigurationFile.Read(path).State);
    }

    [Fact]
    public void A_byte_order_mark_and_Windows_line_ends_change_nothing()
    {
        var path = Write([.. Encoding.UTF8.Preamble, .. "state: /x\r\nlisten: 81\r\n"u8]);

        var options = ConfigurationFile.Read(path);

        Assert.Equal("/x", options.State);
        Assert.Equal(81, Assert.Single(options.Listen).Port);
    }

    [Fact]
    public void An_error_in_a_file_is_printed_as_file_line_column_message()
    {
        var path = Write("listen: 80\nstat: /x\n"u8);

        var error = Assert.Throws<ConfigurationException>(() => ConfigurationFile.Read(path));

        Assert.Equal($"{path}:2:1: unknown key 'stat'; did you mean 'state'?", error.Message);
    }

    [Fact]
    public void Two_errors_are_two_lines()
    {
        var path = Write("listn: 80\nstat: /x\n"u8);

        var error = Assert.Throws<ConfigurationException>(() => ConfigurationFile.Read(path));

        Assert.Equal(
            [$"{path}:1:1: unknown key 'listn'; did you mean 'listen'?", $"{path}:2:1: unknown key 'stat'; did you mean 'state'?"],
            error.Message.Split('\n'));
    }

    [Theory]
    [InlineData("missing.yaml")]
    [InlineData("missing/bluegreen.yaml")]
    public void A_missing_file_is_one_clear_line(string name)
    {
        var path = Path.Combine(_folder.FullName, name);

        AssertUnusable(path, "there is no such file");
    }

    [Fact]
    public void A_folder_is_one_clear_line()
    {
        AssertUnusable(_folder.FullName, "is a folder; name the configuration file in it");
    }

    [Fact]
    public void A_file_that_is_not_UTF_8_is_one_clear_line()
    {
        AssertUnusable(Write([.. "state: /"u8, 0xFC, .. "\n"u8]), "is not UTF-8 text (byte 9)");
    }

    [Fact(Timeout = 30_000)]
    public async Task An_endless_file_is_one_clear_line()
    {
        await Task.Run(
            () => AssertUnusable("/dev/zero", "is larger than 1024 KiB, so not a configuration file"),
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_file_that_breaks_while_it_is_read_is_one_clear_line()
    {
        // Address 0 of a process is never mapped, so the first read fails with EIO.
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationFile.Read("/proc/self/mem"));

        Assert.StartsWith("/proc/self/mem: cannot be read: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_without_permission_is_one_clear_line_for_all_but_root()
    {
        var path = Write("listen: 81\n"u8);
        File.SetUnixFileMode(path, UnixFileMode.None);

        if (Environment.IsPrivilegedProcess)
        {
            Assert.Equal(81, Assert.Single(ConfigurationFile.Read(path).Listen).Port);
        }
        else
        {
            AssertUnusable(path, $"user {Environment.UserName} may not read it");
        }
    }

    private string Write(ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_folder.FullName, "bluegreen.yaml");
        File.WriteAllBytes(path, content);
        return path;
    }

    private static void AssertUnusable(string path, string problem)
    {
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationFile.Read(path));

        Assert.Equal(new ConfigurationError(path, 0, 0, problem), Assert.Single(error.Errors));
        Assert.Equal($"{path}: {problem}", error.Message);
    }
}
