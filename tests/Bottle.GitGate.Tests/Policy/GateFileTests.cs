using Bottle.Contracts.Git;

namespace Bottle.GitGate.Tests.Policy;

[Parallelizable(ParallelScope.All)]
public sealed class GateFileTests
{
    private static readonly GateFile File = new() { Repositories = [new GateRepository { Name = "app", Upstream = "ssh://git@git.example.com/app.git", Push = new PushPolicy { MaxSize = 5 }, Scan = new ScanPolicy { AllowFingerprints = ["00ff"] } }] };

    [Test]
    public void What_is_written_is_read_again_and_equal_input_gives_equal_bytes()
    {
        var text = GateFileFormat.Write(File);
        Assert.That(GateFileFormat.Write(GateFileFormat.Read(text)), Is.EqualTo(text));
        Assert.That(text, Does.Contain("\"max_size\": 5").And.Contain("\"allow_ci\": false").And.Contain("\"allow_fingerprints\": [").And.EndWith("}\n"));
    }

    [Test]
    public void A_key_that_is_missing_is_an_error_and_never_a_silent_default() =>
        Assert.That(() => GateFileFormat.Read(GateFileFormat.Write(File).Replace("\"delete\": false,", "")), Throws.TypeOf<FormatException>().With.Message.Contains("delete"));

    [Test]
    public void An_unknown_key_is_an_error() =>
        Assert.That(() => GateFileFormat.Read(GateFileFormat.Write(File).Replace("\"delete\"", "\"dlete\"")), Throws.TypeOf<FormatException>().With.Message.Contains("dlete"));

    [Test]
    public void Everything_that_is_wrong_is_said_at_once() =>
        Assert.That(() => GateFileFormat.Read(GateFileFormat.Write(File with { V = 2, Repositories = [File.Repositories[0], File.Repositories[0] with { Upstream = "https://x/y" }, File.Repositories[0] with { Name = "../x", Push = new PushPolicy { MaxSize = 0 } }] })),
            Throws.TypeOf<FormatException>().With.Message.Contains("version 2").And.Message.Contains("two repositories are named 'app'").And.Message.Contains("an upstream is").And.Message.Contains("'../x' is no name").And.Message.Contains("max_size"));

    [Test]
    public void A_fingerprint_depends_on_rule_path_and_secret_and_on_nothing_else()
    {
        var one = FindingFingerprint.Of("rule", "path", "secret");
        Assert.That(one, Has.Length.EqualTo(16).And.EqualTo(FindingFingerprint.Of("rule", "path", "secret")));
        Assert.That(new[] { FindingFingerprint.Of("rulep", "ath", "secret"), FindingFingerprint.Of("rule", "path2", "secret"), FindingFingerprint.Of("rule", "path", "secret2") }, Has.None.EqualTo(one));
    }
}
