using System.Text;
using Bottle.GitGate.Pushing;
using Bottle.GitGate.Serving;
using Bottle.GitGate.Upstream;

namespace Bottle.GitGate.Tests.Serving;

[Parallelizable(ParallelScope.All)]
public sealed class ParsingTests
{
    [TestCase("git-upload-pack /app.git\0host=git-gate\0\0version=2\0", "app", 2)]
    [TestCase("git-receive-pack /app.git\0host=git-gate:9418\0", "app", 0)]
    [TestCase("git-upload-pack /app.git\n", "app", 0)]
    [TestCase("git-upload-pack /../app.git\0", "../app", 0)]
    [TestCase("git-upload-pack /app\0", null, 0)]
    [TestCase("git-upload-pack app.git\0", null, 0)]
    [TestCase("git-upload-pack /.git\0", null, 0)]
    public void A_request_is_read_and_its_host_is_not(string line, string? repository, int version)
    {
        var request = GitRequest.Parse(Encoding.UTF8.GetBytes(line))!;
        Assert.That((request.Repository, request.Version), Is.EqualTo((repository, version)));
    }

    [TestCase("nonsense")]
    [TestCase(" /app.git")]
    [TestCase("git-upload-pack /a\nb.git\0")]
    [TestCase("git-upload-pack /a\u001bb.git\0")]
    public void What_is_no_request_is_not_read(string line) => Assert.That(GitRequest.Parse(Encoding.UTF8.GetBytes(line)), Is.Null);

    [Test]
    public async Task A_packet_line_too_short_too_long_or_cut_is_no_line()
    {
        foreach (var text in new[] { "", "000", "0000", "0004", "fffe", "00zz", "0010abc", "-001" })
        {
            Assert.That(await PktLine.ReadAsync(new MemoryStream(Encoding.ASCII.GetBytes(text)), default), Is.Null, text);
        }
        Assert.That(await PktLine.ReadAsync(new MemoryStream(PktLine.Encode("hello")), default), Is.EqualTo(Encoding.ASCII.GetBytes("hello")));
    }

    [Test]
    public void Changes_of_plain_commits_and_merges_are_read_with_any_path()
    {
        string c = new('c', 40), d = new('d', 40), n = new('1', 40), o = new('2', 40), z = new('0', 40);
        var changes = ChangedPath.Parse($"{c}\0:000000 100644 {z} {n} A\0a\nb c\0{d}\0::100644 100644 100644 {o} {z} {n} MA\0m\0:100644 000000 {o} {z} D\0gone\0").ToArray();
        Assert.That(changes.Select(change => (change.Commit, change.Path, change.NewId, string.Join(',', change.OldIds))), Is.EqualTo(new[] { (c, "a\nb c", n, z), (d, "m", n, $"{o},{z}"), (d, "gone", z, o) }));
        Assert.That(changes.Select(change => change.IsRemoved), Is.EqualTo(new[] { false, false, true }));
    }

    [TestCase("ssh: connect to host x port 22: Connection refused", "connection refused", true)]
    [TestCase("No ED25519 host key is known for x\nHost key verification failed.", "its host key is not among the pinned ones", true)]
    [TestCase("git@x: Permission denied (publickey).", "it does not take the key of this remote", true)]
    [TestCase("nc: Proxy error: \"HTTP/1.1 403 Forbidden\"\nproxy dialer did not pass back a connection", "the firewall refused the connection", true)]
    [TestCase("fatal: the remote end hung up unexpectedly", "the connection broke", false)]
    public void Trouble_is_said_in_few_words_without_addresses(string error, string words, bool before)
    {
        Assert.That(UpstreamTrouble.Describe(error), Is.EqualTo(words));
        Assert.That(UpstreamTrouble.IsBeforeAnything(error), Is.EqualTo(before));
    }

    [TestCase("http://pipelock:8888", "pipelock", 8888)]
    [TestCase("http://10.0.0.2:3128/", "10.0.0.2", 3128)]
    public void A_proxy_is_read(string text, string host, int port) => Assert.That(SshProxy.Parse(text), Is.EqualTo(new SshProxy(host, port)));

    [TestCase("https://pipelock:8888")]
    [TestCase("http://user@pipelock:8888")]
    [TestCase("http://pipelock:8888/x")]
    [TestCase("pipelock:8888")]
    [TestCase("http://pipe lock:1")]
    public void What_is_no_proxy_stops_the_gate(string text) => Assert.That(() => SshProxy.Parse(text), Throws.TypeOf<FormatException>());

    [Test]
    public void The_ssh_settings_pin_keys_and_keep_one_connection()
    {
        var text = SshSettings.Render("app", new SshProxy("pipelock", 8888));
        Assert.That(text, Does.Contain("StrictHostKeyChecking yes").And.Contain("UserKnownHostsFile /etc/git-gate/known_hosts/app").And.Contain("GlobalKnownHostsFile /dev/null").And.Contain("IdentityFile /run/git-gate/keys/app")
            .And.Contain("ControlPersist 900").And.Contain("-X connect -x pipelock:8888 %h %p").And.Contain("ProxyUseFdpass yes"));
        Assert.That(SshSettings.Render("app", null), Does.Not.Contain("Proxy"));
    }
}
