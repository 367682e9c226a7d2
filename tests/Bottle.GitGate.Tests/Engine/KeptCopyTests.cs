using System.Globalization;
using Bottle.Testing;

namespace Bottle.GitGate.Tests.Engine;

/// <summary>A folder of repositories that outlives the gate: the next one reads only what is new, and believes nothing that it did not check.</summary>
[RequiresEngine]
[Parallelizable(ParallelScope.All)]
public sealed class KeptCopyTests
{
    [Test]
    public async Task The_next_gate_reads_from_upstream_only_what_is_new()
    {
        var lab = await LabFixture.Lab;
        await using var gate = await KeepingAsync(lab);
        await gate.SeedAsync("head -c 5000000 /dev/urandom > big");
        Assert.That(await ReceivedAsync(lab, gate), Is.GreaterThan(5_000_000));
        await lab.RemoveAsync(gate.Container);
        await gate.UpstreamDoesAsync($"cd /tmp/seed-{gate.Repository}; echo more > more; git add .; git commit -qm more; git push -q origin main");
        await gate.RunAsync();
        await gate.ClientDoesAsync("git clone -q $URL again; cat again/more; [ $(stat -c %s again/big) = 5000000 ]");
        Assert.That(await ReceivedAsync(lab, gate), Is.LessThan(1_000_000));
        Assert.That(await gate.LogTextAsync(), Does.Not.Contain("\"renewed\""));
    }

    [TestCase("truncate -s 2000 objects/pack/*.pack")]
    [TestCase("rm objects/pack/*.pack")]
    [TestCase("printf XXXX | dd of=$(ls objects/pack/*.pack) bs=1 seek=40000 conv=notrunc status=none")]
    [TestCase(": > $(ls objects/pack/*.idx)")]
    [TestCase("rm -f packed-refs; mkdir -p refs/heads; echo 0123456789012345678901234567890123456789 > refs/heads/main")]
    [TestCase("echo nonsense > HEAD")]
    [TestCase("rm -rf refs; echo x > refs")]
    [TestCase("rm -rf objects; mkdir objects")]
    public async Task A_damaged_copy_is_thrown_away_and_the_client_sees_nothing_of_it(string damage)
    {
        var lab = await LabFixture.Lab;
        await using var gate = await KeepingAsync(lab);
        await gate.SeedAsync("for i in $(seq 150); do head -c 1000 /dev/urandom > f$i; done");
        await lab.RemoveAsync(gate.Container);
        await DamageAsync(lab, gate, damage);
        await gate.RunAsync();
        await gate.ClientDoesAsync("git clone -q $URL again; cd again; git fsck --no-progress; [ $(ls | wc -l) = 151 ]; git commit -q --allow-empty -m c; git push -q origin HEAD:agent/c");
        await gate.AssertInStepAsync();
        await gate.EventuallyLogsAsync(line => (string?)line["event"] == "renewed", "renewed");
    }

    [Test]
    public async Task What_upstream_does_not_have_does_not_go_from_one_run_to_the_next()
    {
        var lab = await LabFixture.Lab;
        await using var gate = await KeepingAsync(lab);
        await gate.SeedAsync();
        // An object of a branch that upstream has dropped meanwhile.
        var id = (await gate.ClientDoesAsync("cd w; echo left behind > note; git add .; git commit -qm c; git push -q origin HEAD 2>/dev/null; git rev-parse HEAD:note")).Split('\n')[^2];
        await lab.RemoveAsync(gate.Container);
        await gate.UpstreamDoesAsync("git branch -D agent/work");
        await gate.RunAsync();
        await gate.ClientDoesAsync("git clone -q $URL again");
        var fetched = await gate.ClientAsync($"git -C again fetch origin {id}");
        Assert.That(fetched.Succeeded, Is.False, fetched.Text);
        Assert.That((await gate.ClientAsync("git -C again fetch -q origin $(git -C again rev-parse HEAD)")).Succeeded, "what it has can be fetched by its id");
    }

    [Test]
    public async Task What_would_change_how_objects_are_read_is_not_kept()
    {
        var lab = await LabFixture.Lab;
        await using var gate = await KeepingAsync(lab);
        await gate.SeedAsync("for i in 1 2 3; do echo $i > f; git add -A; git commit -qm $i; done");
        await lab.RemoveAsync(gate.Container);
        await DamageAsync(lab, gate, "mkdir -p info hooks; git rev-parse main > info/grafts; git rev-parse main > shallow; echo /k > objects/info/alternates; printf '[core]\\n\\tsshCommand = touch /tmp/ran\\n' >> config; ln -s /etc hooks/x");
        await gate.RunAsync();
        Assert.That(await gate.ClientDoesAsync("git clone -q $URL again; git -C again rev-list --count HEAD"), Does.StartWith("4"));
        Assert.That((await lab.RunAsync("docker", "exec", gate.Container, "ls", "/tmp/ran")).Succeeded, Is.False);
    }

    private static async Task<GateUnderTest> KeepingAsync(Lab lab)
    {
        var folder = Directory.CreateDirectory(Path.Combine(lab.Folder, "kept-" + lab.NextName())).FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0x1ff);
        return await lab.GateAsync(options: new GateOptions { CacheFolder = folder });
    }

    private static async Task DamageAsync(Lab lab, GateUnderTest gate, string script) =>
        await lab.DockerAsync("run", "--rm", "--label", Lab.Label, "--network", "none", "--user", "1000:1000", "-v", $"{gate.CacheFolder}:/srv/git", "--workdir", gate.Bare, lab.PeerImage, "sh", "-ec", "chmod -R u+w .; " + script);

    private static async Task<long> ReceivedAsync(Lab lab, GateUnderTest gate) =>
        (await lab.DockerAsync("exec", gate.Container, "sh", "-c", "cat /sys/class/net/*/statistics/rx_bytes")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(line => long.Parse(line, CultureInfo.InvariantCulture));
}
