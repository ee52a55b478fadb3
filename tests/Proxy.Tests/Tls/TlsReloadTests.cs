using BlueGreen.Proxy.Tls;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Tests.Tls;

/// <summary>Certificates whose files change, are wrong, or become wrong.</summary>
public sealed class TlsReloadTests
{
    [Fact(Timeout = 30_000)]
    public async Task New_handshakes_see_a_renewed_certificate_and_open_connections_go_on()
    {
        await using var backend = await WebBackend.StartAsync(context =>
        {
            context.Response.ContentLength = 2;
            return context.Response.WriteAsync("ok");
        });
        await using var front = new SecureFront();
        var (old, renewed) = (front.Authority.Issue(["a.example"]), front.Authority.Issue(["a.example"]));
        await front.StartAsync(backend.Address, front.Write("a", old));
        await using var client = await front.ConnectAsync("a.example");
        Assert.EndsWith("ok", await client.GetAsync("a.example"), StringComparison.Ordinal);

        front.Write("a", renewed);
        front.Look();

        Assert.Equal(renewed.Thumbprint, await front.ThumbprintAsync("a.example"));
        Assert.Equal(old.Thumbprint, client.Thumbprint);
        Assert.EndsWith("ok", await client.GetAsync("a.example"), StringComparison.Ordinal);
        Assert.Empty(front.Log);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_link_is_followed_to_where_it_leads_now()
    {
        await using var front = new SecureFront();
        var (old, renewed) = (front.Authority.Issue(["a.example"]), front.Authority.Issue(["a.example"]));
        Directory.CreateDirectory(front["one"]);
        Directory.CreateDirectory(front["two"]);
        front.Write("one/a", old);
        front.Write("two/a", renewed);
        File.CreateSymbolicLink(front["live"], "one");
        await front.StartAsync(null, new CertificateOptions { Certificate = front["live/a.pem"], Key = front["live/a-key.pem"] });
        Assert.Equal(old.Thumbprint, await front.ThumbprintAsync("a.example"));

        Directory.Delete(front["live"]);
        File.CreateSymbolicLink(front["live"], "two");
        front.Look();

        Assert.Equal(renewed.Thumbprint, await front.ThumbprintAsync("a.example"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_half_written_pair_is_not_taken_and_said_only_when_it_stays()
    {
        await using var front = new SecureFront();
        var (old, renewed) = (front.Authority.Issue(["a.example"]), front.Authority.Issue(["a.example"]));
        await front.StartAsync(null, front.Write("a", old));

        front.Write("a.pem", renewed.Chain);
        front.Look();
        Assert.Equal(old.Thumbprint, await front.ThumbprintAsync("a.example"));
        Assert.Empty(front.Log);
        front.Look();
        front.Look();
        Assert.Equal(old.Thumbprint, await front.ThumbprintAsync("a.example"));
        var line = Assert.Single(front.Log);
        Assert.Contains($"{front["a.pem"]}: does not belong to the key in {front["a-key.pem"]}", line, StringComparison.Ordinal);
        Assert.Contains("stays in use", line, StringComparison.Ordinal);

        front.Write("a-key.pem", renewed.KeyPem);
        front.Look();
        Assert.Equal(renewed.Thumbprint, await front.ThumbprintAsync("a.example"));
        Assert.Single(front.Log);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_bad_certificate_at_the_start_stops_nobody_else_and_is_taken_once_it_is_right()
    {
        await using var front = new SecureFront();
        var (a, b) = (front.Authority.Issue(["a.example"]), front.Authority.Issue(["b.example"]));
        var bad = new CertificateOptions { Certificate = front["a.pem"], Key = front["a-key.pem"], Hosts = ["a.example"] };

        await front.StartAsync(null, bad, front.Write("b", b));

        Assert.Equal(b.Thumbprint, await front.ThumbprintAsync("b.example"));
        Assert.Equal(b.Thumbprint, await front.ThumbprintAsync("a.example"));
        Assert.Contains($"{front["a.pem"]}: there is no such file", Assert.Single(front.Log), StringComparison.Ordinal);
        front.Write("a", a);
        front.Look();
        Assert.Equal(a.Thumbprint, await front.ThumbprintAsync("a.example"));
        Assert.Equal(b.Thumbprint, await front.ThumbprintAsync("b.example"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Files_that_vanish_change_nothing()
    {
        await using var front = new SecureFront();
        var issued = front.Authority.Issue(["a.example"]);
        await front.StartAsync(null, front.Write("a", issued));

        File.Delete(front["a.pem"]);
        front.Look();
        front.Look();

        Assert.Equal(issued.Thumbprint, await front.ThumbprintAsync("a.example"));
        Assert.Contains("there is no such file", Assert.Single(front.Log), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task One_that_has_expired_is_no_substitute_for_one_that_is_valid()
    {
        await using var front = new SecureFront();
        var now = DateTimeOffset.UtcNow;
        var (good, expired) = (front.Authority.Issue(["a.example"]), front.Authority.Issue(["a.example"], now.AddDays(-20), now.AddDays(-1)));
        await front.StartAsync(null, front.Write("a", good));

        front.Write("a", expired);
        front.Look();
        front.Look();

        Assert.Equal(good.Thumbprint, await front.ThumbprintAsync("a.example"));
        Assert.Contains("has expired at", Assert.Single(front.Log), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task One_that_has_expired_is_better_than_none_and_said()
    {
        await using var front = new SecureFront();
        var expired = front.Authority.Issue(["a.example"], DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(-1));

        await front.StartAsync(null, front.Write("a", expired));

        Assert.Equal(expired.Thumbprint, await front.ThumbprintAsync("a.example"));
        Assert.Contains("has expired at", Assert.Single(front.Log), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task One_that_nobody_renews_is_said_before_its_end_and_at_its_end()
    {
        await using var front = new SecureFront();
        var now = front.Time.GetUtcNow();
        // A life of 80 seconds, the last quarter of which is "soon"; a clock that is turned by days would look a million times.
        await front.StartAsync(null, front.Write("a", front.Authority.Issue(["a.example"], now.AddSeconds(-40), now.AddSeconds(40))));
        front.Look();
        Assert.Empty(front.Log);

        front.Time.Advance(TimeSpan.FromSeconds(22));
        Assert.Contains("expires at", Assert.Single(front.Log), StringComparison.Ordinal);

        front.Time.Advance(TimeSpan.FromSeconds(22));
        Assert.Contains("has expired at", Assert.Single(front.Log.Skip(1)), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task One_that_does_not_name_its_host_is_said_and_used()
    {
        await using var front = new SecureFront();
        var issued = front.Authority.Issue(["a.example", "*.b.example"]);

        await front.StartAsync(null, front.Write("a", issued, "a.example", "www.b.example", "c.example"));

        Assert.Equal(issued.Thumbprint, await front.ThumbprintAsync("c.example"));
        Assert.Contains("does not name c.example", Assert.Single(front.Log), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_reload_with_a_wrong_password_keeps_what_was_in_use()
    {
        await using var front = new SecureFront();
        var issued = front.Authority.Issue(["a.example"]);
        var options = new CertificateOptions
        {
            Certificate = front.Write("a.pem", issued.Chain),
            Key = front.Write("a-key.pem", issued.EncryptedKeyPem("right")),
            Password = "right",
        };
        await front.StartAsync(null, options);

        front.Configure(options with { Password = "SECRET" });

        Assert.Equal(issued.Thumbprint, await front.ThumbprintAsync("a.example"));
        var line = Assert.Single(front.Log);
        Assert.Contains("cannot be opened with the password", line, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", line, StringComparison.Ordinal);
    }
}
