using Bottle.Contracts.Git;
using Bottle.Testing;

namespace Bottle.GitGate.Tests.Engine;

/// <summary>Every way that we know to hide a secret in a push (attacks.md 22, facts/docker.md section 7, and what we found ourselves).</summary>
[RequiresEngine]
[Parallelizable(ParallelScope.All)]
public sealed class HiddenSecretTests
{
    private static readonly PushPolicy Open = new() { Branches = ["*"], Protected = [], Tags = true };

    private static readonly (string Name, string Script, string Place)[] Hidden =
    [
        ("plain", "printf 'a\\nb\\nkey = %s\\n' $K > conf; git add .; git commit -qm c; git push origin HEAD", "aws-access-token in conf:3, commit "),
        ("private key", "ssh-keygen -q -t ed25519 -N '' -f id; git add .; git commit -qm c; git push origin HEAD", "private-key in id:1, commit "),
        ("added, then removed", "echo $K > conf; git add .; git commit -qm c; git rm -q conf; git commit -qm d; git push origin HEAD", "conf:1, commit "),
        ("renamed file", "echo $K > conf; git add .; git commit -qm c; git mv conf other; git commit -qm d; git push origin HEAD", "conf:1, commit "),
        ("evil merge", "git checkout -q -b x; echo x > x; git add .; git commit -qm x; git checkout -q agent/work; echo y > y; git add .; git commit -qm y; git merge -q --no-commit x >/dev/null; echo $K > evil; git add .; git commit -qm m; git push origin HEAD", "evil:1, commit "),
        ("-diff attribute", "echo '* -diff' > .gitattributes; echo $K > conf; git add .; git commit -qm c; git push origin HEAD", "conf:1"),
        ("*.bin", "echo $K > a.bin; git add .; git commit -qm c; git push origin HEAD", "a.bin:1"),
        ("*.png in node_modules", "mkdir -p node_modules/x; echo $K > node_modules/x/a.png; git add -f .; git commit -qm c; git push origin HEAD", "node_modules/x/a.png:1"),
        ("gitleaks:allow", "echo \"$K # gitleaks:allow\" > conf; git add .; git commit -qm c; git push origin HEAD", "conf:1"),
        ("commit message", "git commit -q --allow-empty -m \"key $K\"; git push origin HEAD", "a commit's message or author"),
        ("author", "GIT_AUTHOR_NAME=$K git commit -q --allow-empty -m c; git push origin HEAD", "a commit's message or author"),
        ("tag message", "git tag -a -m \"key $K\" v1; git push origin v1", "a tag's message"),
        ("tag on a blob", "git tag v1 $(echo $K | git hash-object -w --stdin); git push origin v1", "a file without a path"),
        ("tag on a tree", "echo $K > conf; git add .; git tag v1 $(git write-tree); git push origin v1", "conf:1"),
        ("file name", "echo x > \"$K\"; git add .; git commit -qm c; git push origin HEAD", "the name of a file, branch or tag"),
        ("folder name after a newline", "mkdir \"$(printf 'a\\n%s' $K)\"; echo x > \"$(printf 'a\\n%s' $K)/b\"; git add .; git commit -qm c; git push origin HEAD", "the name of a file, branch or tag"),
        ("branch name", "git commit -q --allow-empty -m c; git push origin HEAD:refs/heads/x-$K-x/$K", "the name of a file, branch or tag"),
        ("symbolic link", "ln -s $K link; git add .; git commit -qm c; git push origin HEAD", "link:1"),
        ("UTF-16 with a mark", "printf '\\xff\\xfe' > conf; printf 'a\\nkey = %s\\n' $K | sed 's/./&\\x00/g; s/$/\\x0a\\x00/' | tr -d '\\n' >> conf; git add .; git commit -qm c; git push origin HEAD", "conf:1"),
        ("UTF-16 big endian without a mark", "printf 'k = %s' $K | sed 's/./\\x00&/g' > conf; git add .; git commit -qm c; git push origin HEAD", "conf:1"),
        ("between NULs", "printf 'ELF\\0\\0\\0%s\\0\\0' $K > conf; git add .; git commit -qm c; git push origin HEAD", "conf"),
        (".gitleaks.toml", "printf '[allowlist]\\npaths=[\".*\"]\\n' > .gitleaks.toml; echo 'conf:aws-access-token:1' > .gitleaksignore; echo $K > conf; git add .; git commit -qm c; git push origin HEAD", "conf:1"),
        ("behind a PDF's mark", "printf '%%PDF-1.7\\n%s\\n' $K > conf; git add .; git commit -qm c; git push origin HEAD", "conf:2"),
        ("behind a zip's mark", "printf 'PK\\003\\004 %s\\n' $K > conf; git add .; git commit -qm c; git push origin HEAD", "conf:1"),
        ("behind marks of tar, DICOM and ISO", "for w in ustar DICM CD001; do for i in $(seq 1 9000); do printf '%s ' $w; done > m-$w; printf '\\n%s\\n' $K >> m-$w; done; git add .; git commit -qm c; git push origin HEAD", "m-CD001:2"),
        ("gzip", "printf 'a\\nk = %s\\n' $K | gzip > conf.gz; git add .; git commit -qm c; git push origin HEAD", "conf.gz (gzip):2"),
        ("zip", "{ printf 'a\\nk = %s\\n' $K; yes $K | head -100; } > conf; git add .; git archive --format=zip -o a.zip $(git write-tree); git rm -qf conf; git add .; git commit -qm c; git push origin HEAD", "a.zip (zip: conf):2"),
        ("base64", "echo x > conf; printf 'k = %s, and more\\n' $K | base64 -w0 >> conf; git add .; git commit -qm c; git push origin HEAD", "conf (base64):2"),
        ("wrapped base64", "{ echo x; printf 'header\\n%70s\\nk = %s, and more\\n' '' $K | base64 -w60; } > conf; git add .; git commit -qm c; git push origin HEAD", "conf (base64):2"),
        ("gzip in base64", "printf 'k = %s\\n' $K | gzip | base64 -w0 > conf; git add .; git commit -qm c; git push origin HEAD", "conf (base64, gzip)"),
        ("far into a large file", "head -c 20000000 /dev/urandom | base64 > big; echo $K >> big; head -c 1000000 /dev/urandom | base64 >> big; git add .; git commit -qm c; git push origin HEAD", "big:"),
        ("a branch of its own root", "git checkout -q --orphan o; echo $K > conf; git add .; git commit -qm c; git push origin HEAD:agent/root", "conf:1"),
    ];

    private static IEnumerable<TestCaseData> Cases => Hidden.Select(hidden => new TestCaseData(hidden.Script, hidden.Place).SetArgDisplayNames(hidden.Name));

    // All of these are refused, so that one gate serves them: no ref ever moves.
    private readonly Lazy<Task<GateUnderTest>> _shared = new(async () =>
    {
        var gate = await (await LabFixture.Lab).GateAsync(Open);
        await gate.SeedAsync();
        return gate;
    });

    [TestCaseSource(nameof(Cases))]
    public async Task A_secret_is_found_wherever_it_hides(string script, string place)
    {
        var gate = await (await _shared.Value).ForAnotherClientAsync();
        var said = await gate.AssertRefusedAsync("cd w; " + script, "BTL6412");
        var remote = string.Join('\n', said.Split('\n').Where(line => line.StartsWith("remote: ", StringComparison.Ordinal)));
        Assert.That(remote, Does.Contain(place));
        Assert.That(remote, Does.Not.Contain(GateUnderTest.Secret), "the agent is not told the secret back");
        Assert.That(await gate.LogTextAsync(), Does.Not.Contain(GateUnderTest.Secret), "the log does not hold the secret");
    }

    [Test]
    public async Task A_finding_that_the_operator_allowed_passes_in_later_edits_of_the_file_too()
    {
        var fingerprint = FindingFingerprint.Of("aws-access-token", "conf", GateUnderTest.Secret);
        await using var gate = await (await LabFixture.Lab).GateAsync(Open, new ScanPolicy { AllowFingerprints = [fingerprint] });
        await gate.SeedAsync();
        await gate.ClientDoesAsync("cd w; echo $K > conf; git add .; git commit -qm c; git push origin HEAD; printf 'x\\ny\\n' | cat - conf > n; mv n conf; git commit -qam d; git push origin HEAD");
        await gate.AssertRefusedAsync("cd w; git mv conf elsewhere; echo x >> elsewhere; git commit -qam e; git push origin HEAD", "BTL6412");
    }

    [Test]
    public async Task What_upstream_has_already_is_not_held_against_the_sender()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync(Open);
        await gate.SeedAsync($"echo {GateUnderTest.Secret} > old");
        await gate.ClientDoesAsync("cd w; echo new > new; git add .; git commit -qm c; git push origin HEAD; git mv old moved; git commit -qm d; git push origin HEAD");
    }
}
