namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Turns a value of the file into an option, or reports every reason why it cannot.</summary>
internal delegate ReadResult<T> ValueReader<T>(ConfigurationValue value);
