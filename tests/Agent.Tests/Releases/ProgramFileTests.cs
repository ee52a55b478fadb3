using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Commands;

namespace BlueGreen.Agent.Tests.Releases;

public sealed class ProgramFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Programs_are_found_in_the_release_then_in_PATH_or_by_their_absolute_path()
    {
        _folder.Script("release/bin/server");
        _folder.Script("release/tool");
        _folder.Script("path/tool");
        _folder.Script("path/other");
        _folder.Write("release/other", "not a program, only called like one");

        Assert.Equal(_folder["release/bin/server"], Find("./bin/server"));
        Assert.Equal(_folder["release/bin/server"], Find("bin/server"));
        Assert.Equal(_folder["release/tool"], Find("tool"));
        Assert.Equal(_folder["path/other"], Find("other"));
        Assert.Equal("/bin/sh", Find("/bin/sh"));
    }

    [Fact]
    public void The_command_of_a_release_outlives_the_move_into_its_place()
    {
        _folder.Script("release/tool");
        LaunchCommand command = LaunchCommand.Find(_folder["release"], null);
        Directory.Move(_folder["release"], _folder["3"]);

        Assert.Equal([_folder["3/tool"]], (command with { Directory = _folder["3"] }).ToArguments(new Dictionary<string, string>()));
    }

    [Fact]
    public void What_the_kernel_would_not_start_is_said_in_words()
    {
        string other = Machine.Name(183) == Machine.Name(Machine.This) ? "s390x" : "aarch64";
        _folder.Write("release/arch", Elf.Program(machine: other == "s390x" ? 22 : 183), TemporaryFolder.Executable);
        _folder.Write("release/musl", Elf.Program(loader: "/lib/ld-none.so.1"), TemporaryFolder.Executable);
        _folder.Write("release/plain", Elf.Program());
        _folder.Write("release/garbage", "garbage", TemporaryFolder.Executable);
        _folder.Write("release/empty", "", TemporaryFolder.Executable);
        _folder.Write("release/cut", "\u007fELF", TemporaryFolder.Executable);
        _folder.Write("release/windows", "MZ\u0090", TemporaryFolder.Executable);
        _folder.Write("release/mac", [0xcf, 0xfa, 0xed, 0xfe, 7], TemporaryFolder.Executable);
        _folder.Write("release/dos", "#!/bin/sh\r\n", TemporaryFolder.Executable);
        _folder.Write("release/lost", "#! /opt/none/ruby -w\n", TemporaryFolder.Executable);
        _folder.Write("release/env", "#!/usr/bin/env no-such-python\n", TemporaryFolder.Executable);
        Directory.CreateDirectory(_folder["release/dir"]);

        Assert.Equal($"arch is built for {other}, this machine is {Machine.Name(Machine.This)}; build it for that", Refusal("./arch"));
        Assert.Contains("musl needs the loader /lib/ld-none.so.1", Refusal("./musl"));
        Assert.Equal("plain is not executable; run chmod +x on it and deploy again", Refusal("./plain"));
        Assert.Equal(Refusal("./plain"), Refusal("plain"));
        Assert.Contains("garbage is neither a program of Linux nor a script", Refusal("./garbage"));
        Assert.Contains("empty is neither a program of Linux nor a script", Refusal("./empty"));
        Assert.Contains("cut is neither a program of Linux nor a script", Refusal("./cut"));
        Assert.Contains("windows is a program of Windows", Refusal("./windows"));
        Assert.Contains("mac is a program of macOS", Refusal("./mac"));
        Assert.Contains("dos has Windows line ends", Refusal("./dos"));
        Assert.Contains("lost is a script for /opt/none/ruby, which is not there", Refusal("./lost"));
        Assert.Contains("env is a script for no-such-python, which is not in PATH", Refusal("./env"));
        Assert.Equal("dir is no program but a directory; correct the command", Refusal("./dir"));
        Assert.Equal("the program none does not exist; correct the command", Refusal("./none"));
        Assert.Contains("the program gunicorn-x is neither in the release nor in PATH", Refusal("gunicorn-x"));
    }

    [Fact]
    public void A_real_program_of_this_machine_passes()
    {
        File.Copy(Environment.ProcessPath!, _folder["copy"]);
        Directory.CreateDirectory(_folder["release"]);

        Assert.Equal(_folder["copy"], Find(_folder["copy"]));
        Assert.Equal(Machine.This, ProgramHeader.Read(_folder["copy"]).Machine);
        Assert.StartsWith("/lib", ProgramHeader.Read(_folder["copy"]).Interpreter);
    }

    public void Dispose() => _folder.Dispose();

    private string Find(string program) =>
        new ProgramFile(_folder["release"], $"{_folder["path"]}:/usr/bin:/bin").Find(program);

    private string Refusal(string program) => Assert.Throws<ReleaseException>(() => Find(program)).Message;
}
