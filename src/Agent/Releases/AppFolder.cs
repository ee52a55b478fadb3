using System.Globalization;

namespace BlueGreen.Agent.Releases;

/// <summary>The folder of one app in the store: where its releases are, and which numbers its entries bear.</summary>
internal sealed class AppFolder
{
    private const string DescriptionEnding = ".json";

    /// <summary>The folder of an app.</summary>
    /// <param name="store">Absolute path of the store.</param>
    /// <param name="app">The app's name.</param>
    /// <exception cref="ArgumentException">The name cannot be a folder's, or would be hidden.</exception>
    public AppFolder(string store, string app)
    {
        bool isName = app.Length > 0 && app[0] != '.' && !app.Contains('/', StringComparison.Ordinal);
        Path = isName
            ? System.IO.Path.Combine(store, app)
            : throw new ArgumentException($"\"{app}\" cannot be the name of an app.", nameof(app));
    }

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>The numbers that have a folder.</summary>
    public IEnumerable<int> FolderNumbers => Numbers(Directory.EnumerateDirectories, "");

    /// <summary>The numbers that have a description.</summary>
    public IEnumerable<int> DescribedNumbers => Numbers(Directory.EnumerateFiles, DescriptionEnding);

    /// <summary>What is not a release: being made, or being deleted.</summary>
    public IEnumerable<string> Hidden =>
        Directory.GetFileSystemEntries(Path).Where(path => HiddenName.Is(System.IO.Path.GetFileName(path)));

    /// <summary>Absolute path of a release's content.</summary>
    public string Content(int number) => Inside(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Absolute path of a release's description.</summary>
    public string Description(int number) => Content(number) + DescriptionEnding;

    /// <summary>Absolute path of an entry.</summary>
    public string Inside(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A name as a number; null for one no release has, such as <c>007</c>.</summary>
    public static int? Number(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 && name[0] != '0'
            ? number
            : null;

    private IEnumerable<int> Numbers(Func<string, IEnumerable<string>> entries, string ending)
    {
        if (!Directory.Exists(Path))
        {
            yield break;
        }

        foreach (string name in entries(Path).Select(path => System.IO.Path.GetFileName(path)))
        {
            if (name.EndsWith(ending, StringComparison.Ordinal) && Number(name[..^ending.Length]) is { } number)
            {
                yield return number;
            }
        }
    }
}
