using System.Security.Cryptography;
using BlueGreen.Proxy.Tls;

namespace BlueGreen.Proxy.Tests.Tls;

/// <summary>The forms a certificate may come in, and what is said of others.</summary>
public sealed class CertificateReaderTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bluegreen-tls-");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("two files")]
    [InlineData("two files, RSA")]
    [InlineData("two files, RSA of PKCS #1")]
    [InlineData("one file")]
    [InlineData("one file, key first")]
    [InlineData("chain the other way round")]
    [InlineData("encrypted key")]
    [InlineData("encrypted key, RSA")]
    [InlineData("PFX")]
    [InlineData("PFX without password")]
    public void A_certificate_is_read_in_the_forms_people_keep_one_in(string form)
    {
        var issued = _authority.Issue(["a.example", "127.0.0.1", "::1"], rsa: form.Contains("RSA", StringComparison.Ordinal));
        var options = form switch
        {
            "one file" => new CertificateOptions { Certificate = Write("a", issued.Chain + issued.KeyPem) },
            "one file, key first" => new CertificateOptions { Certificate = Write("a", issued.KeyPem + issued.Chain) },
            "chain the other way round" => Pair($"{issued.IntermediatePem}\n{issued.Pem}", issued.KeyPem),
            "two files, RSA of PKCS #1" => Pair(issued.Chain, ((RSA)issued.Key).ExportRSAPrivateKeyPem()),
            "encrypted key" or "encrypted key, RSA" => Pair(issued.Chain, issued.EncryptedKeyPem("pass")) with { Password = "pass" },
            "PFX" => new CertificateOptions { Certificate = Write("a", issued.Pfx("pass")), Password = "pass" },
            "PFX without password" => new CertificateOptions { Certificate = Write("a", issued.Pfx(null)) },
            _ => Pair(issued.Chain, issued.KeyPem),
        };

        var (certificate, problem) = CertificateReader.Read(options, CertificateContent.Read(options));

        Assert.Null(problem);
        Assert.Equal(issued.Thumbprint, certificate!.Thumbprint);
        Assert.Equal(["a.example", "127.0.0.1", "[::1]"], certificate.Names);
        Assert.Equal(_authority.IntermediateThumbprint, certificate.Handshake.ServerCertificateContext!.IntermediateCertificates.Single().Thumbprint);
    }

    [Theory]
    [InlineData("missing", "CERT: there is no such file; put it there, or correct the path")]
    [InlineData("key missing", "KEY: there is no such file; put it there, or correct the path")]
    [InlineData("folder", "CERT: is a folder; name the file in it")]
    [InlineData("empty", "CERT: is neither PEM nor PFX; get the file anew")]
    [InlineData("text", "CERT: is neither PEM nor PFX; get the file anew")]
    [InlineData("too large", "CERT: is larger than 1024 KiB, so no certificate and no key; name the right file")]
    [InlineData("mixed up", "CERT: holds no certificate (-----BEGIN CERTIFICATE-----); are certificate and key mixed up?")]
    [InlineData("no key", "CERT: holds no key; name the key's file as key")]
    [InlineData("key is no key", "KEY: holds no key (-----BEGIN PRIVATE KEY-----); are certificate and key mixed up?")]
    [InlineData("key damaged", "KEY: the key is damaged, there is more than one, or it is neither RSA nor ECDSA; get the file anew")]
    [InlineData("key of another", "CERT: does not belong to the key in KEY; put the two there that were made together")]
    [InlineData("cut off", "CERT: breaks off within a certificate; get the file anew")]
    [InlineData("damaged", "CERT: a certificate in it is damaged; get the file anew")]
    [InlineData("no password", "KEY: the key is encrypted; give its password as password")]
    [InlineData("wrong password", "KEY: the key cannot be opened with the password that is configured, or is neither RSA nor ECDSA")]
    [InlineData("old encryption", "KEY: the key is encrypted in the old way of OpenSSL; convert it: openssl pkcs8 -topk8 -in FILE -out NEW")]
    [InlineData("DER", "CERT: is a certificate in DER form; convert it: openssl x509 -inform der -in FILE -out FILE.pem")]
    [InlineData("PFX, no password", "CERT: cannot be opened without a password; give it as password")]
    [InlineData("PFX, wrong password", "CERT: cannot be opened, perhaps because the password is another one: ")]
    public void What_cannot_be_used_is_said_with_its_file_and_what_to_do(string mistake, string problem)
    {
        var issued = _authority.Issue(["a.example"]);
        var options = mistake switch
        {
            "missing" => new CertificateOptions { Certificate = PathOf("CERT") },
            "key missing" => new CertificateOptions { Certificate = Write("CERT", issued.Chain), Key = PathOf("KEY") },
            "folder" => new CertificateOptions { Certificate = _folder.CreateSubdirectory("CERT").FullName },
            "empty" => Pair("", issued.KeyPem),
            "text" => Pair("no certificate", issued.KeyPem),
            "too large" => Pair(new string(' ', 2_000_000), issued.KeyPem),
            "mixed up" => Pair(issued.KeyPem, issued.Chain),
            "no key" => new CertificateOptions { Certificate = Write("CERT", issued.Chain) },
            "key is no key" => Pair(issued.Chain, issued.Chain),
            "key damaged" => Pair(issued.Chain, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
            "key of another" => Pair(issued.Chain, _authority.Issue(["a.example"]).KeyPem),
            "cut off" => Pair(issued.Chain[..^100], issued.KeyPem),
            "damaged" => Pair("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", issued.KeyPem),
            "no password" => Pair(issued.Chain, issued.EncryptedKeyPem("pass")),
            "wrong password" => Pair(issued.Chain, issued.EncryptedKeyPem("pass")) with { Password = "SECRET" },
            "old encryption" => Pair(issued.Chain, "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"),
            "DER" => new CertificateOptions { Certificate = Write("CERT", issued.Certificate.RawData) },
            "PFX, no password" => new CertificateOptions { Certificate = Write("CERT", issued.Pfx("pass")) },
            _ => new CertificateOptions { Certificate = Write("CERT", issued.Pfx("pass")), Password = "SECRET" },
        };

        var found = CertificateCheck.FindProblem(options);

        Assert.StartsWith(
            problem.Replace("CERT:", $"{PathOf("CERT")}:", StringComparison.Ordinal).Replace("KEY:", $"{PathOf("KEY")}:", StringComparison.Ordinal)
                .Replace("in KEY;", $"in {PathOf("KEY")};", StringComparison.Ordinal),
            found, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", found, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', found!);
    }

    private CertificateOptions Pair(string certificate, string key) =>
        new() { Certificate = Write("CERT", certificate), Key = Write("KEY", key) };

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private string Write(string file, string text) => Write(file, System.Text.Encoding.Latin1.GetBytes(text));

    private string Write(string file, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(file), bytes);
        return PathOf(file);
    }
}
