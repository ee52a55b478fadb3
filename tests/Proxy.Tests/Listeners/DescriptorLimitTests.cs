using BlueGreen.Proxy.Listeners;

namespace BlueGreen.Proxy.Tests.Listeners;

public sealed class DescriptorLimitTests
{
    [Theory]
    [InlineData(1024, 320)]
    [InlineData(1_048_576, 524_096)]
    [InlineData(256, 32)]
    [InlineData(0, 1)]
    [InlineData(ulong.MaxValue, 1_000_000)]
    public void There_are_two_descriptors_for_each_client_and_some_for_everything_else(ulong descriptors, int clients)
    {
        Assert.Equal(clients, DescriptorLimit.ClientsWithin(descriptors));
    }

    [Fact]
    public void The_limit_of_this_process_can_be_read()
    {
        Assert.InRange(DescriptorLimit.Clients, 1, 1_000_000);
    }
}
