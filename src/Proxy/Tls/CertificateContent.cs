using System.Security.Cryptography;

namespace BlueGreen.Proxy.Tls;

/// <summary>What the files of one certificate held at one moment. Whether that is any good is another question.</summary>
internal sealed class CertificateContent
{
    /// <summary>Larger files are something else. 1 MiB.</summary>
    private const int MaxBytes = 1024 * 1024;

    private CertificateContent(byte[] certificate, byte[]? key, string? problem)
    {
        Certificate = certificate;
        Key = key;
        Problem = problem;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(problem ?? ""));
        hash.AppendData(SHA256.HashData(certificate));
        hash.AppendData(key ?? []);
        Fingerprint = Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>The bytes of the certificate's file.</summary>
    public byte[] Certificate { get; }

    /// <summary>The bytes of the key's file, where it is another one.</summary>
    public byte[]? Key { get; }

    /// <summary>Why a file cannot be read, in one line that begins with its path; null: both were.</summary>
    public string? Problem { get; }

    /// <summary>Tells one content from another.</summary>
    public string Fingerprint { get; }

    /// <summary>
    /// Reads the files whole. Their content is what counts: links are followed wherever they point to now, and times of modification
    /// say little where files are copied or folders are swapped.
    /// </summary>
    public static CertificateContent Read(CertificateOptions options)
    {
        if (!TryRead(options.Certificate, out var certificate, out var problem))
        {
            return new CertificateContent([], null, problem);
        }

        return options.Key is null ? new CertificateContent(certificate, null, null)
            : TryRead(options.Key, out var key, out problem) ? new CertificateContent(certificate, key, null)
            : new CertificateContent([], null, problem);
    }

    private static bool TryRead(string path, out byte[] bytes, out string? problem)
    {
        bytes = [];
        problem = null;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MaxBytes)
            {
                problem = $"{path}: is larger than {MaxBytes / 1024} KiB, so no certificate and no key; name the right file";
                return false;
            }

            bytes = new byte[file.Length];
            // What is cut off meanwhile stays zero, and is not understood.
            file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = $"{path}: there is no such file; put it there, or correct the path";
        }
        catch (UnauthorizedAccessException)
        {
            problem = Directory.Exists(path)
                ? $"{path}: is a folder; name the file in it"
                : $"{path}: user {Environment.UserName} may not read it; give that user or one of its groups the right to";
        }
        catch (IOException e)
        {
            problem = $"{path}: cannot be read: {e.Message}";
        }

        return false;
    }
}
