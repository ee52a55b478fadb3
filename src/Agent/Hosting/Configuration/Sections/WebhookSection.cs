using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Hosting.Webhooks;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of one of <c>webhooks</c>. Addresses and secrets of webhooks appear in no message.</summary>
internal static class WebhookSection
{
    private static readonly Section<WebhookOptions> Section = new()
    {
        { "url", Address, (webhook, url) => webhook with { Url = url } },
        { "secret", Secret, (webhook, secret) => webhook with { Secret = secret } },
        { "secretFile", TextReaders.AbsolutePath("a file"), (webhook, file) => webhook with { SecretFile = file } },
        { "events", Events, (webhook, events) => webhook with { Events = events } },
        { "apps", Apps, (webhook, apps) => webhook with { Apps = apps } },
    };

    /// <summary>All of them.</summary>
    public static ValueReader<IReadOnlyList<WebhookOptions>> Webhooks { get; } = ListReaders.Of<WebhookOptions>(Read, (_, _) => null);

    private static ValueReader<Uri> Address => value =>
    {
        if (value.TryGetText("a URL", out var text)
            && Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", UserInfo: "" })
        {
            return ReadResult<Uri>.Of(url);
        }

        return text is null ? ReadResult<Uri>.Reported : value.Fail<Uri>("must be an http:// or https:// URL without a user");
    };

    private static ValueReader<string> Secret => value =>
        !value.TryGetText("a secret", out var text) ? ReadResult<string>.Reported
        : text.Length == 0 ? value.Fail<string>("must not be empty")
        : ReadResult<string>.Of(text);

    private static ValueReader<IReadOnlyList<string>> Events => ListReaders.Of(
        TextReaders.OneOf([.. WebhookOptions.AllEvents.Select(name => (name, name))]),
        (earlier, later) => earlier == later ? $"'{later}' is there already" : null);

    private static ValueReader<IReadOnlyList<string>> Apps => ListReaders.Of<string>(
        TextReaders.NotEmpty("the name of an app"), (earlier, later) => earlier == later ? $"'{later}' is there already" : null);

    private static ReadResult<WebhookOptions> Read(ConfigurationValue value)
    {
        var errorsBefore = value.Reading.ErrorCount;
        if (value.IsNull)
        {
            value.ReportUnexpected("a map with url, secret, secretFile, events and apps");
        }

        var webhook = Section.Read(value, new WebhookOptions());
        if (value.Reading.ErrorCount == errorsBefore)
        {
            if (webhook.Url is null)
            {
                value.Report("needs a url");
            }
            else if (webhook is { Secret: not null, SecretFile: not null })
            {
                value.Report("has a secret and a secretFile: remove one of them");
            }
        }

        return value.Reading.ErrorCount == errorsBefore ? ReadResult<WebhookOptions>.Of(webhook) : ReadResult<WebhookOptions>.Reported;
    }
}
