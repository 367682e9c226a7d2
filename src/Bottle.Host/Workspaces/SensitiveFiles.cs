using System.Text;

namespace Bottle.Host.Workspaces;

/// <summary>Which files of a directory hold credentials, by name and by what is in them: they are not copied for the agent, and are listed (SPEC B6).</summary>
internal static class SensitiveFiles
{
    /// <summary>How much of a file is looked at.</summary>
    public const int Head = 16 * 1024;

    private const string Credentials = "a credential file";
    private const string Key = "a key";

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ".netrc", "_netrc", ".git-credentials", ".pypirc", ".pgpass", ".my.cnf", ".htpasswd", ".vault-token", ".dockercfg", ".boto", ".s3cfg", ".npmrc.local",
        "credentials", "credentials.json", "credentials.toml", "application_default_credentials.json", "client_secret.json", "secrets.json", "secrets.yml", "secrets.yaml", "secrets.toml",
        ".credentials.json", "kubeconfig", "terraform.tfstate", "terraform.tfstate.backup", ".terraformrc", "service-account.json", "serviceaccount.json", "wallet.dat",
    };

    private static readonly HashSet<string> Keys = new(StringComparer.OrdinalIgnoreCase) { "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ecdsa_sk", "id_ed25519_sk", "identity" };

    private static readonly string[] Endings = [".p12", ".pfx", ".jks", ".keystore", ".ppk", ".key", ".kdbx", ".p8", ".asc.key", ".agekey"];

    private static readonly string[] Folders = [".ssh/", ".gnupg/", ".aws/", ".azure/", ".kube/", ".docker/", ".config/gcloud/", ".config/gh/", ".password-store/"];

    // A configuration file that is worth copying, but for the line with the token.
    private static readonly (string Name, string[] Marks)[] WithTokens =
    [
        (".npmrc", ["_authtoken", "_password", "_auth="]), (".yarnrc.yml", ["npmauthtoken", "npmauthident"]), (".yarnrc", ["_authtoken"]),
        ("nuget.config", ["cleartextpassword", "<packagesourcecredentials"]), ("pip.conf", ["@"]), ("settings.xml", ["<password>"]), ("gradle.properties", ["password=", "token="]),
        (".bundle/config", ["BUNDLE_"]),
    ];

    /// <summary>What a name says: why the file is left out, or null.</summary>
    public static string? ByName(string path)
    {
        var name = Path.GetFileName(path);
        if (name.StartsWith(".env", StringComparison.OrdinalIgnoreCase))
            return "settings with secrets";
        if (Names.Contains(name) || Folders.Any(folder => path.StartsWith(folder, StringComparison.OrdinalIgnoreCase) || path.Contains("/" + folder, StringComparison.OrdinalIgnoreCase)))
            return Credentials;
        return Keys.Contains(name) || Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ? Key : null;
    }

    /// <summary>What the first bytes of a file say.</summary>
    public static string? ByContent(string path, ReadOnlySpan<byte> head)
    {
        if (head.IndexOf("PRIVATE KEY-----"u8) >= 0 && head.IndexOf("-----BEGIN "u8) >= 0)
            return Key;
        if (head.StartsWith("AGE-SECRET-KEY-1"u8))
            return Key;
        foreach (var (name, marks) in WithTokens)
        {
            if (!Path.GetFileName(path).Equals(Path.GetFileName(name), StringComparison.OrdinalIgnoreCase) || !path.EndsWith(name, StringComparison.OrdinalIgnoreCase))
                continue;
            var text = Encoding.UTF8.GetString(head);
            if (marks.Any(mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase)))
                return "a token is in it";
        }
        return null;
    }
}
