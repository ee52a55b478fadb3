using System.Collections.Immutable;
using System.Text;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.State;

/// <summary>Whatever is in the two files: no exception, no nonsense, and nothing is lost that one of them still has.</summary>
public sealed class StateDamageTests : IDisposable
{
    private static readonly DateTimeOffset Moment = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>In the middle of a deployment, with the workers of two releases.</summary>
    private static readonly AppState Web = new()
    {
        Generation = 9,
        LastRelease = 8,
        Active = 7,
        ActiveGeneration = 8,
        Probation = new JournaledProbation(8, Moment.AddMinutes(1), 6, 6),
        History = [3, 5, 6],
        LastDeploy = new LastDeploy("/srv/v8", "./server --port $PORT"),
        Deployment = new JournaledDeployment("deploy", "probing", 8, Moment),
        Workers =
        [
            new JournaledWorker("web.6.1", 6, 6, 4700, 123450, "0f7cb3a1", "127.0.0.1:40001"),
            new JournaledWorker("web.7.1", 7, 8, 4711, 123456, "0f7cb3a1", "127.0.0.1:40002") { Restarts = 2 },
            new JournaledWorker("web.8.1", 8, 9, 4722, 123999, "0f7cb3a1", "127.0.0.1:40003"),
        ],
    };

    private static readonly AppState Api = new()
    {
        Generation = 3,
        LastRelease = 2,
        Active = 2,
        ActiveGeneration = 3,
        History = [1],
        Workers = [new JournaledWorker("api.2.1", 2, 3, 4712, 123457, "0f7cb3a1", "/run/api.2.1.sock")],
    };

    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLog<StateFile> _log = new();

    public void Dispose() => _folder.Dispose();

    private string Current => _folder["state.json"];

    private string Previous => _folder["state.json.previous"];

    private string Aside => _folder["state.json.damaged"];

    [Fact]
    public void A_file_cut_off_anywhere_costs_the_last_change_only()
    {
        var whole = WriteBoth();

        for (var length = 0; length < whole.Length; length++)
        {
            Write(Current, whole[..length]);
            var state = Open();

            AssertSame(Web with { Deployment = null }, state.Current.App("web"));
            AssertSame(Api, state.Current.App("api"));
            Assert.Equal(["api", "web"], state.Loss.Outdated);
            Assert.False(state.Loss.All);
            Assert.Empty(state.Loss.Apps);
            Assert.Equal(whole[..length], File.ReadAllBytes(Aside));
        }
    }

    [Fact]
    public void A_file_cut_off_anywhere_without_a_copy_is_all_lost_and_said_so()
    {
        var whole = WriteBoth();
        File.Delete(Previous);

        for (var length = 0; length < whole.Length; length++)
        {
            Write(Current, whole[..length]);
            var state = Open();

            Assert.True(state.Loss.All);
            Assert.Empty(state.Current.Apps);
        }
    }

    [Fact]
    public void A_byte_that_changed_anywhere_is_never_nonsense()
    {
        var whole = WriteBoth();
        byte[] other = [(byte)'"', (byte)'-', (byte)'9', 0xFF];

        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var value in other)
            {
                var damaged = whole.ToArray();
                damaged[at] = value;
                var state = AssertSurvives(damaged, $"byte {at} is {value}", out var log);
                // Of each of the two apps something is told.
                var told = state is null or { Loss.All: true } || state.Current.Apps.Count + state.Loss.Apps.Count == 2;
                Assert.True(told || log.Lines.Any(line => line.Contains("Cannot read the name", StringComparison.Ordinal)), $"byte {at} is {value}");
            }
        }
    }

    [Fact]
    public void Garbage_is_never_nonsense()
    {
        var whole = WriteBoth();
        var seed = Environment.TickCount;
        var random = new Random(seed);

        for (var round = 0; round < 500; round++)
        {
            var damaged = random.Next(3) switch
            {
                0 => Garbage(random, random.Next(300)),
                1 => Overwritten(random, whole),
                _ => [.. whole[..random.Next(whole.Length)], .. whole[random.Next(whole.Length)..]],
            };
            AssertSurvives(damaged, $"round {round} of seed {seed}", out _);
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("""{"active":"seven"}""")]
    [InlineData("""{"active":0}""")]
    [InlineData("""{"active":-1}""")]
    [InlineData("""{"active":1.5}""")]
    [InlineData("""{"active":99999999999}""")]
    [InlineData("""{"active":8,"lastRelease":7}""")]
    [InlineData("""{"active":7,"active":8}""")]
    [InlineData("""{"lastRelease":-1}""")]
    [InlineData("""{"generation":-1}""")]
    [InlineData("""{"generation":null}""")]
    [InlineData("""{"activeGeneration":3}""")]
    [InlineData("""{"active":1,"generation":2,"activeGeneration":3}""")]
    [InlineData("""{"active":1,"activeGeneration":-3}""")]
    [InlineData("""{"history":[1,null]}""")]
    [InlineData("""{"history":[1,-2]}""")]
    [InlineData("""{"history":{"1":2}}""")]
    [InlineData("""{"lastRelease":3,"history":[4]}""")]
    [InlineData("""{"workers":[null]}""")]
    [InlineData("""{"workers":[{}]}""")]
    [InlineData("""{"workers":[{"id":"web.1.1","release":1,"generation":1,"pid":0,"startTicks":1,"bootId":"b","address":"a"}]}""")]
    [InlineData("""{"workers":[{"id":"web.1.1","release":1,"generation":1,"pid":7,"startTicks":1,"bootId":"b"}]}""")]
    [InlineData("""{"workers":[{"id":null,"release":1,"generation":1,"pid":7,"startTicks":1,"bootId":"b","address":"a"}]}""")]
    [InlineData("""{"workers":[{"id":"web.1.1","release":1,"generation":1,"pid":7,"startTicks":-1,"bootId":"b","address":"a"}]}""")]
    [InlineData("""{"generation":1,"workers":[{"id":"web.1.1","release":1,"generation":2,"pid":7,"startTicks":1,"bootId":"b","address":"a"}]}""")]
    [InlineData("""{"workers":[{"id":"web.1.1","release":1,"generation":1,"pid":7,"startTicks":1,"bootId":"b","address":"a","restarts":-1}]}""")]
    [InlineData("""{"lastDeploy":{"command":"x"}}""")]
    [InlineData("""{"lastDeploy":{"source":"../v1"}}""")]
    [InlineData("""{"lastDeploy":{"source":"ftp://x/y"}}""")]
    [InlineData("""{"source":{}}""")]
    [InlineData("""{"source":{"source":"https://x/y","digest":"sha256:00","label":"v1","outcome":"perhaps"}}""")]
    [InlineData("""{"deployment":{}}""")]
    [InlineData("""{"deployment":{"kind":"deploy","step":"probing","release":0,"startedAt":"2026-01-02T03:04:05+00:00"}}""")]
    [InlineData("""{"deployment":{"kind":"deploy","step":"probing","startedAt":"yesterday"}}""")]
    [InlineData("""{"active":2,"probation":{}}""")]
    [InlineData("""{"active":2,"probation":{"generation":2,"until":"2026-01-02T03:04:05+00:00","fallback":0,"fallbackGeneration":1}}""")]
    public void A_damaged_app_takes_nothing_from_the_others(string damaged)
    {
        Write(Current, $$"""{"version":2,"apps":{"api":{"active":2,"lastRelease":2},"web":{{damaged}},"zoo":{"active":1} } }""");

        var alone = Open();
        Assert.Equal(["api", "zoo"], alone.Current.Apps.Keys);
        Assert.Equal((2, 1), (alone.Current.App("api").Active, alone.Current.App("zoo").Active));
        Assert.Equal(["web"], alone.Loss.Apps);
        Assert.Empty(alone.Loss.Outdated);
        Assert.False(alone.Loss.All);
        Assert.Contains(_log.Lines, line => line.StartsWith("Error: The state of web is lost", StringComparison.Ordinal));

        Write(Previous, """{"version":2,"apps":{"api":{"active":1},"gone":{"active":1},"web":{"active":4}}}""");
        var helped = Open();
        Assert.Equal(["api", "web", "zoo"], helped.Current.Apps.Keys);
        Assert.Equal((2, 4), (helped.Current.App("api").Active, helped.Current.App("web").Active));
        Assert.Equal(["web"], helped.Loss.Outdated);
        Assert.Empty(helped.Loss.Apps);
        Assert.Contains(_log.Lines, line => line.StartsWith("Error: The state of web is taken from ", StringComparison.Ordinal));
    }

    [Fact]
    public void Both_copies_together_may_have_what_neither_has_alone()
    {
        Write(Current, """{"version":2,"apps":{"api":{"active":2},"web":{"active":-2},"zoo":{"active":-2}}}""");
        Write(Previous, """{"version":2,"apps":{"api":{"active":-1},"web":{"active":1},"zoo":{"active":-1}}}""");

        var state = Open();

        Assert.Equal((2, 1), (state.Current.App("api").Active, state.Current.App("web").Active));
        Assert.Equal(["zoo"], state.Loss.Apps);
        Assert.Equal(["web"], state.Loss.Outdated);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\u0000b")]
    public void A_name_that_no_app_can_have_is_damage(string name)
    {
        Write(Current, $$"""{"version":2,"apps":{"{{name}}":{"active":3},"web":{"active":3} } }""");
        Write(Previous, """{"version":2,"apps":{"api":{"active":2},"web":{"active":2}}}""");

        var state = Open();

        Assert.Equal((2, 3), (state.Current.App("api").Active, state.Current.App("web").Active));
        Assert.Equal(["api"], state.Loss.Outdated);
    }

    [Fact]
    public void An_app_that_is_there_twice_is_damaged()
    {
        Write(Current, """{"version":2,"apps":{"web":{"active":3},"api":{"active":1},"web":{"active":4}}}""");

        Assert.Equal(["web"], Open().Loss.Apps);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"apps":{}}""")]
    [InlineData("""{"version":0,"apps":{}}""")]
    [InlineData("""{"version":-1,"apps":{}}""")]
    [InlineData("""{"version":1.5,"apps":{}}""")]
    [InlineData("""{"version":"2","apps":{}}""")]
    [InlineData("""{"version":2}""")]
    [InlineData("""{"version":2,"apps":[]}""")]
    [InlineData("""{"version":2,"apps":null}""")]
    [InlineData("null")]
    [InlineData("\u0000\u0000\u0000\u0000")]
    public void Json_that_is_no_state_is_damage(string content)
    {
        Write(Current, content);
        Assert.True(Open().Loss.All);

        Write(Previous, """{"version":2,"apps":{"web":{"active":2}}}""");
        Assert.Equal(2, Open().Current.App("web").Active);
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_kept_aside_and_in_the_way_of_nothing()
    {
        var whole = WriteBoth();
        File.Delete(Current);
        _folder.Write("state.json/inside", "");

        var state = Open();

        AssertSame(Api, state.Current.App("api"));
        state.Update("web", before => before with { Active = 5 });
        Assert.Equal(5, Open().Current.App("web").Active);
        Assert.True(File.Exists(Path.Combine(Aside, "inside")));
        // The next one takes its place.
        Write(Current, whole[..^1]);
        Open();
        Assert.Equal(whole[..^1], File.ReadAllBytes(Aside));
    }

    [Fact]
    public void A_folder_in_the_place_of_the_previous_copy_is_in_the_way_of_nothing()
    {
        WriteBoth();
        File.Delete(Previous);
        _folder.Write("state.json.previous/inside", "");

        var state = Open();
        Assert.Same(StateLoss.None, state.Loss);
        state.Update("web", before => before with { Active = 5 });

        Assert.Equal(5, Open().Current.App("web").Active);
        Assert.True(File.Exists(Previous));
    }

    [Fact]
    public void A_file_that_cannot_be_read_does_not_take_the_place_of_the_previous_copy()
    {
        WriteBoth();
        File.Delete(Current);
        // A link to itself: nobody can read it, root neither.
        File.CreateSymbolicLink(Current, Current);

        var state = Open();
        Assert.Equal(["api", "web"], state.Loss.Outdated);
        state.Update("web", before => before with { Active = 5 });

        Assert.Equal(5, Open().Current.App("web").Active);
        File.Delete(Current);
        AssertSame(Web with { Deployment = null }, Open().Current.App("web"));
    }

    [Fact]
    public void What_is_half_damaged_does_not_take_the_place_of_the_copy_that_has_the_rest()
    {
        Write(Current, """{"version":2,"apps":{"api":{"active":2},"web":{"active":-2}}}""");
        Write(Previous, """{"version":2,"apps":{"api":{"active":1},"web":{"active":1}}}""");

        Open().Update("api", before => before with { Active = 3 });

        Assert.Equal("""{"version":2,"apps":{"api":{"active":1},"web":{"active":1}}}""", File.ReadAllText(Previous));
        var state = Open();
        Assert.Equal((3, 1), (state.Current.App("api").Active, state.Current.App("web").Active));
        Assert.Same(StateLoss.None, state.Loss);
    }

    [Fact]
    public void Counters_that_are_missing_are_as_high_as_what_they_counted()
    {
        Write(Current, """
            {"version":2,"apps":{
                "web":{"active":3,"history":[1,9]},
                "api":{"workers":[{"id":"api.4.1","release":4,"generation":6,"pid":7,"startTicks":1,"bootId":"b","address":"a"}]}}}
            """);

        var state = Open().Current;

        Assert.Equal(9, state.App("web").LastRelease);
        Assert.Equal((4, 6L), (state.App("api").LastRelease, state.App("api").Generation));
    }

    private static void AssertSame(AppState expected, AppState actual)
    {
        Assert.Equal(expected.History, actual.History);
        Assert.Equal(expected.Workers, actual.Workers);
        Assert.Equal(expected with { History = actual.History, Workers = actual.Workers }, actual);
    }

    private static byte[] Garbage(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Overwritten(Random random, byte[] whole)
    {
        var bytes = whole.ToArray();
        var at = random.Next(bytes.Length);
        Garbage(random, Math.Min(random.Next(1, 8), bytes.Length - at)).CopyTo(bytes, at);
        return bytes;
    }

    /// <summary>The one before the last change, and the last, as they are written.</summary>
    private byte[] WriteBoth()
    {
        var state = Open();
        state.Update(before => before with
        {
            Apps = ImmutableSortedDictionary<string, AppState>.Empty.Add("api", Api).Add("web", Web with { Deployment = null }),
        });
        state.Update("web", _ => Web);
        return File.ReadAllBytes(Current);
    }

    /// <summary>Opens it, without a previous copy. Null when it looks like a newer version's.</summary>
    private StateFile? AssertSurvives(byte[] content, string what, out CapturedLog<StateFile> log)
    {
        log = new CapturedLog<StateFile>();
        Write(Current, content);
        File.Delete(Previous);
        try
        {
            var state = StateFile.Open(_folder.Path, log);
            Assert.All(state.Current.Apps, app => Assert.True(AppStateCheck.Problem(app.Value) is null, $"{what}: {app}"));
            return state;
        }
        catch (StateException e)
        {
            Assert.True(e.Message.Contains("newer version", StringComparison.Ordinal), $"{what}: {e.Message}");
            return null;
        }
        catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
        {
            throw new InvalidOperationException(what, e);
        }
    }

    private static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    private static void Write(string path, byte[] content)
    {
        // The file before has a second name by now, which must keep what it has.
        File.Delete(path);
        File.WriteAllBytes(path, content);
    }

    private StateFile Open() => StateFile.Open(_folder.Path, _log);
}
