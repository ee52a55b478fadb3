using BlueGreen.Benchmarks.Running;

namespace BlueGreen.EndToEnd.Tests.Benchmarks;

public sealed class TemplateTests
{
    private const string Text = "port @PORT@\n  #each app\n  app @APP@ on @PORT@\n  #end\nend\n";

    [Fact]
    public void Values_are_filled_in_and_the_block_is_there_for_each_app() => Assert.Equal(
        "port 80\n  app one on 80\n  app two on 80\nend\n",
        Template.FillText(Text, new Dictionary<string, string> { ["PORT"] = "80" }, ["one", "two"]));

    [Fact]
    public void Without_other_apps_there_is_no_block() => Assert.Equal(
        "port 80\nend\n", Template.FillText(Text, new Dictionary<string, string> { ["PORT"] = "80" }, []));
}
