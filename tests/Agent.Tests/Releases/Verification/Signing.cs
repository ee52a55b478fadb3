using System.Diagnostics;

namespace BlueGreen.Agent.Tests.Releases.Verification;

/// <summary>Signs files with the real programs: minisign and openssl.</summary>
internal static class Signing
{
    /// <summary>Makes a pair of keys of minisign without a password.</summary>
    /// <returns>The public key's line.</returns>
    public static async Task<string> MinisignKeyAsync(this TemporaryFolder folder, string name)
    {
        await RunAsync("minisign", "-G", "-W", "-f", "-p", folder[$"{name}.pub"], "-s", folder[$"{name}.key"]);
        return (await File.ReadAllLinesAsync(folder[$"{name}.pub"]))[1];
    }

    /// <summary>Signs a file: NAME.minisig appears beside it.</summary>
    public static Task MinisignAsync(this TemporaryFolder folder, string key, string file, string? comment = null, bool isLegacy = false) => RunAsync(
        "minisign",
        ["-S", isLegacy ? "-l" : "-H", "-s", folder[$"{key}.key"], "-m", file, .. comment is null ? Array.Empty<string>() : ["-t", comment]]);

    /// <summary>Makes a pair of ECDSA keys, NAME.pem and NAME.key.</summary>
    /// <returns>The path of the public one.</returns>
    public static async Task<string> EcdsaKeyAsync(this TemporaryFolder folder, string name, string curve = "prime256v1")
    {
        await RunAsync("openssl", "ecparam", "-name", curve, "-genkey", "-noout", "-out", folder[$"{name}.key"]);
        await RunAsync("openssl", "ec", "-in", folder[$"{name}.key"], "-pubout", "-out", folder[$"{name}.pem"]);
        return folder[$"{name}.pem"];
    }

    /// <summary>Signs a file as cosign does with a key: NAME.sig, the DER signature of its SHA-256 in base64 on one line.</summary>
    public static async Task EcdsaAsync(this TemporaryFolder folder, string key, string file, bool isBase64 = true)
    {
        await RunAsync("openssl", "dgst", "-sha256", "-sign", folder[$"{key}.key"], "-out", $"{file}.sig", file);
        if (isBase64)
        {
            await File.WriteAllTextAsync($"{file}.sig", Convert.ToBase64String(await File.ReadAllBytesAsync($"{file}.sig")));
        }
    }

    public static async Task RunAsync(string program, params string[] arguments)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(token);
        string errors = await process.StandardError.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await output}{errors}");
    }
}
