using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Tests.Workers.Limits;

public sealed class UserDatabaseTests
{
    [Fact]
    public void Users_and_groups_are_found_by_name_and_by_number()
    {
        Assert.Equal(new UserEntry("root", 0, 0, "/root"), UserDatabase.FindUser("root"));
        Assert.Equal(UserDatabase.FindUser("root"), UserDatabase.FindUser("0"));
        Assert.Equal(UserDatabase.FindUser("root"), UserDatabase.FindUser(0));
        Assert.Equal((0u, 0u), (UserDatabase.FindGroup("root"), UserDatabase.FindGroup("0")));
        Assert.Equal("/usr/sbin", UserDatabase.FindUser("daemon")!.Home);
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("-1")]
    [InlineData("4294967000")]
    [InlineData("99999999999")]
    [InlineData("")]
    public void What_there_is_not_is_not_found(string name)
    {
        Assert.Null(UserDatabase.FindUser(name));
        Assert.Null(UserDatabase.FindGroup(name));
    }
}
