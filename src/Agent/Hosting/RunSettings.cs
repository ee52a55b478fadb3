using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Hosting.Configuration;
using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Hosting;

/// <summary>What <c>bluegreen run</c> was told on its command line; goes before what the configuration file says.</summary>
internal sealed record RunSettings
{
    /// <summary>The configuration file that is read where none is named, if it is there.</summary>
    public const string DefaultConfigurationFile = "bluegreen.yaml";

    /// <summary>The release to deploy at the first start.</summary>
    public SourceAddress? Release { get; init; }

    /// <summary>The addresses to listen on. Empty: the file's.</summary>
    public IReadOnlyList<Uri> Listen { get; init; } = [];

    /// <summary>The configuration file. Null: <c>bluegreen.yaml</c> of the working folder, if it is there.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>The state folder. Null: the file's, else the default.</summary>
    public string? State { get; init; }

    /// <summary>The app <see cref="Release"/> is for; without a file also the only app there is.</summary>
    public string? App { get; init; }

    /// <summary>The form of the log.</summary>
    public LogFormat LogFormat { get; init; } = LogFormat.Text;

    /// <summary>The file that is read, or null.</summary>
    public string? FileInUse => ConfigurationFile ?? (File.Exists(DefaultConfigurationFile) ? Path.GetFullPath(DefaultConfigurationFile) : null);

    /// <summary>Reads the file, where there is one, and puts the command line over it.</summary>
    /// <exception cref="ConfigurationException">The file is wrong.</exception>
    public FrontOptions Read()
    {
        var options = FileInUse is { } file
            ? Configuration.ConfigurationFile.Read(file)
            : new FrontOptions { Apps = [new AppOptions { Name = App ?? AppOptions.DefaultName }] };
        return Listen.Count == 0 ? options : options with { Listen = Listen };
    }

    /// <summary>The app <see cref="Release"/> is for.</summary>
    /// <exception cref="UserError">It cannot be told, or is not configured.</exception>
    public string TargetApp(FrontOptions options)
    {
        var names = options.Apps.Select(app => app.Name).ToArray();
        var name = App ?? (names.Length == 1 ? names[0] : AppOptions.DefaultName);
        return names.Contains(name)
            ? name
            : throw new UserError($"there is no app '{name}'; name one with --app: {string.Join(", ", names)}");
    }
}
