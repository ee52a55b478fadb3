using BlueGreen.Agent.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Hosting;

public sealed class MemoryReturnTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ITimer _looking;
    private long _allocated;
    private int _collected;

    public MemoryReturnTests() => _looking = new MemoryReturn(() => _collected++, () => _allocated, _time).Start();

    public void Dispose() => _looking.Dispose();

    [Fact]
    public void After_a_rush_memory_is_given_back_once_when_it_is_quiet()
    {
        Pass(MemoryReturn.Much + 1);
        Pass(MemoryReturn.Much + 1);
        Assert.Equal(0, _collected);

        Pass(MemoryReturn.Quiet - 1);
        Assert.Equal(1, _collected);

        Pass(0);
        Assert.Equal(1, _collected);
    }

    [Fact]
    public void A_front_that_is_never_quiet_is_never_stopped_for_it()
    {
        for (var look = 0; look < 100; look++)
        {
            Pass(MemoryReturn.Quiet);
        }

        Assert.Equal(0, _collected);
    }

    [Fact]
    public void A_front_that_always_does_a_little_gives_back_only_when_it_has_come_to_much()
    {
        for (var look = 0; look < 33; look++)
        {
            Pass(MemoryReturn.Much / 32);
            Assert.Equal(look == 32 ? 1 : 0, _collected);
        }
    }

    private void Pass(long bytes)
    {
        _allocated += bytes;
        _time.Advance(MemoryReturn.Interval);
    }
}
