using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Tests.Releases.Fetching;

public sealed class SourceAddressTests
{
    [Theory]
    [InlineData("v2", "/srv/v2", "/srv/v2")]
    [InlineData("../v2/", "/v2", "/v2")]
    [InlineData("/srv/a b", "/srv/a b", "/srv/a b")]
    [InlineData("https://example.com/app.tar.gz", "https://example.com/app.tar.gz", "https://example.com/app.tar.gz")]
    [InlineData("HTTP://Example.com:8080/a%20b", "http://example.com:8080/a%20b", "http://example.com:8080/a%20b")]
    [InlineData("https://me:s3cret@example.com/x?token=s3cret#top", "https://me:s3cret@example.com/x?token=s3cret", "https://example.com/x")]
    [InlineData("s3://builds/web/app.zip", "s3://builds/web/app.zip", "s3://builds/web/app.zip")]
    [InlineData("s3://builds/", "s3://builds/", "s3://builds/")]
    [InlineData("github://acme/web", "github://acme/web", "github://acme/web")]
    [InlineData("github://acme/web@release/1.0", "github://acme/web@release/1.0", "github://acme/web@release/1.0")]
    public void A_source_is_read_and_shown_without_secrets(string written, string text, string shown)
    {
        Assert.True(SourceAddress.TryParse(written, "/srv", out var address, out _));
        Assert.Equal(text, address.Text);
        Assert.Equal(shown, address.Shown);
        Assert.Equal(shown, $"{address}");
        Assert.True(SourceAddress.TryParse(address.Text, "/", out var again, out _));
        Assert.Equal(address, again);
    }

    [Theory]
    [InlineData("", "must not be empty")]
    [InlineData("a\nb", "control characters")]
    [InlineData("ftp://host/x", "'ftp://' is no source that is known; write a path, http://, https://, s3://BUCKET/KEY or github://OWNER/REPOSITORY")]
    [InlineData("file:///srv/x", "'file://' is no source that is known")]
    [InlineData("https://", "that is no URL")]
    [InlineData("https://me:s3cret@/x", "that is no URL")]
    [InlineData("s3://builds", "write s3://BUCKET/KEY")]
    [InlineData("github://acme", "write github://OWNER/REPOSITORY")]
    [InlineData("github://acme/web/releases", "write github://OWNER/REPOSITORY")]
    public void What_is_no_source_is_refused_with_what_to_write(string written, string problem)
    {
        Assert.False(SourceAddress.TryParse(written, "/srv", out _, out var said));
        Assert.Contains(problem, said, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_password_makes_another_source() =>
        Assert.NotEqual(Read("https://me:one@example.com/x"), Read("https://me:two@example.com/x"));

    [Theory]
    [InlineData("https://example.com/a", "https://example.com/b?c", true)]
    [InlineData("https://example.com/a", "http://example.com/a", false)]
    [InlineData("https://example.com/a", "https://example.com:444/a", false)]
    [InlineData("https://example.com/a", "https://evil.example/a", false)]
    [InlineData("github://acme/web", "github://acme/api@v1", true)]
    [InlineData("github://acme/web", "https://github.com/x", false)]
    public void A_configured_token_goes_to_its_own_server_only(string configured, string other, bool isMeant)
    {
        var options = SourceOptions.Default(Read(configured)) with { Auth = new SourceAuth { Token = new Secret("t") } };
        Assert.Equal(isMeant ? "t" : null, options.For(Read(other)).Auth.Token.Read());
    }

    private static SourceAddress Read(string text) =>
        SourceAddress.TryParse(text, "/", out var address, out var problem) ? address : throw new ArgumentException(problem, nameof(text));
}
