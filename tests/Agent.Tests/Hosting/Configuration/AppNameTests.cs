using BlueGreen.Agent.Hosting.Configuration;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class AppNameTests
{
    [Theory]
    [InlineData("web", true)]
    [InlineData("0", true)]
    [InlineData("My-App_2", true)]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234", true)]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345", false)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("_a", false)]
    [InlineData("a.b", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("ä", false)]
    public void A_name_is_a_word_that_is_safe_as_a_folder(string name, bool valid)
    {
        Assert.Equal(valid, AppName.IsValid(name));
    }
}
