using System.Text;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>Gets the text of a configuration file, or one clear line why not.</summary>
internal static class ConfigurationText
{
    /// <summary>Larger files are not configurations but mistakes such as a release given to <c>--config</c>. 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The whole text, without a byte order mark.</summary>
    /// <exception cref="ConfigurationException">Missing, a folder, not readable, too large, or not UTF-8.</exception>
    public static string Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw Unusable(path, "is a folder; name the configuration file in it");
        }

        try
        {
            return StrictUtf8.GetString(ReadBytes(path)).TrimStart('\uFEFF');
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unusable(path, "there is no such file");
        }
        catch (UnauthorizedAccessException)
        {
            throw Unusable(path, $"user {Environment.UserName} may not read it");
        }
        catch (DecoderFallbackException e)
        {
            throw Unusable(path, $"is not UTF-8 text (byte {e.Index + 1})");
        }
        catch (IOException e)
        {
            throw Unusable(path, $"cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads to the end instead of asking for a length, so that pipes such as <c>/dev/stdin</c> work.</summary>
    private static byte[] ReadBytes(string path)
    {
        using var file = File.OpenRead(path);
        using var content = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int count; (count = file.Read(block)) > 0;)
        {
            content.Write(block, 0, count);
            if (content.Length > MaxBytes)
            {
                throw Unusable(path, $"is larger than {MaxBytes / 1024} KiB, so not a configuration file");
            }
        }

        return content.ToArray();
    }

    private static ConfigurationException Unusable(string path, string problem) =>
        new([new ConfigurationError(path, 0, 0, problem)]);
}
