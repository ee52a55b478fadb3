using BlueGreen.Benchmarks.Traffic;

namespace BlueGreen.EndToEnd.Tests.Benchmarks;

public sealed class WebSocketFrameTests
{
    [Fact]
    public void An_echo_is_the_message_without_its_mask()
    {
        var received = WebSocketFrame.Masked(3);
        // The mask is 1 2 3 4, so this payload is "abc".
        (received[6], received[7], received[8]) = ('a' ^ 1, 'b' ^ 2, 'c' ^ 3);
        WebSocketFrame.Echo(received, out var used, out var echo);
        Assert.Equal(received.Length, used);
        Assert.Equal([0x82, 3, (byte)'a', (byte)'b', (byte)'c'], echo.ToArray());
    }

    [Fact]
    public void A_part_of_a_message_waits_for_the_rest()
    {
        WebSocketFrame.Echo(WebSocketFrame.Masked(3).AsMemory(0, 8), out var used, out var echo);
        Assert.Equal(0, used);
        Assert.True(echo.IsEmpty);
    }
}
