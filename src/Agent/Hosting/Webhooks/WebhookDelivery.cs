namespace BlueGreen.Agent.Hosting.Webhooks;

/// <summary>One event on its way to one webhook.</summary>
/// <param name="Id">The same for each try, so that a receiver can tell a second one.</param>
/// <param name="Event">The event's name.</param>
/// <param name="App">The app.</param>
/// <param name="Body">The event as JSON.</param>
internal sealed record WebhookDelivery(string Id, string Event, string App, byte[] Body);
