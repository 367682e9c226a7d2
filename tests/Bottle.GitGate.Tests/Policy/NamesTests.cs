using Bottle.Contracts.Git;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.GitGate.Tests.Policy;

[Parallelizable(ParallelScope.All)]
public sealed class NamesTests
{
    [TestCase("agent/*", "agent/a", true)]
    [TestCase("agent/*", "agent/a/b", true)]
    [TestCase("agent/*", "agent/", true)]
    [TestCase("agent/*", "agent", false)]
    [TestCase("agent/*", "xagent/a", false)]
    [TestCase("main", "main", true)]
    [TestCase("main", "Main", false)]
    [TestCase("*", "anything/at/all", true)]
    [TestCase("a*b*c", "aXbYbZc", true)]
    [TestCase("a*b*c", "aXbYbZ", false)]
    [TestCase("", "x", false)]
    public void A_star_stands_for_any_characters(string pattern, string branch, bool matches) => Assert.That(BranchPattern.Matches(pattern, branch), Is.EqualTo(matches));

    [Test]
    public void A_pattern_of_many_stars_is_matched_in_time() => Assert.That(BranchPattern.Matches(string.Concat(Enumerable.Repeat("a*", 60)) + "b", new string('a', 200)), Is.False);

    [TestCase("refs/heads/agent/a-1_x.y", true)]
    [TestCase("refs/heads/grün/ñ", true)]
    [TestCase("refs/heads/-x", false)]
    [TestCase("refs/heads/a/-x", false)]
    [TestCase("refs/heads/a/.x", false)]
    [TestCase("refs/heads/a..b", false)]
    [TestCase("refs/heads/a@{1}", false)]
    [TestCase("refs/heads/a.lock", false)]
    [TestCase("refs/heads/a.", false)]
    [TestCase("refs/heads//a", false)]
    [TestCase("refs/heads/a/", false)]
    [TestCase("refs/heads/a b", false)]
    [TestCase("refs/heads/a\nb", false)]
    [TestCase("refs/heads/a\u202Eb", false)]
    [TestCase("refs/heads/a\u001b[31m", false)]
    [TestCase("refs/heads/a:b", false)]
    [TestCase("refs/heads/a*", false)]
    public void A_name_that_could_be_an_option_or_a_trick_is_not_safe(string name, bool safe) => Assert.That(RefName.IsSafe(name), Is.EqualTo(safe));

    [Test]
    public void No_text_becomes_a_safe_name_and_keeps_a_trick() => Check.QuickThrowOnFailure(Prop.ForAll<string>(text =>
        text is null || !RefName.IsSafe("refs/heads/" + text) || (!text.Contains("..") && !text.StartsWith('-') && !text.Contains("/-") && !text.Any(char.IsControl) && text.Length > 0)));

    [TestCase("ssh://git@git.example.com/app.git", "ssh://git@git.example.com:22/app.git")]
    [TestCase("ssh://git@Git.Example.com:2222/a/b.git", "ssh://git@git.example.com:2222/a/b.git")]
    [TestCase("ssh://git.example.com/~me/app", "ssh://git@git.example.com:22/~me/app")]
    [TestCase("git@git.example.com:team/app.git", "ssh://git@git.example.com:22/~/team/app.git")]
    [TestCase("git@git.example.com:/srv/app.git", "ssh://git@git.example.com:22/srv/app.git")]
    [TestCase("ssh://git@[fd00::1]:22/app.git", "ssh://git@[fd00::1]:22/app.git")]
    public void An_upstream_is_read_in_every_spelling(string text, string url)
    {
        Assert.That(SshUpstream.TryParse(text, out var upstream, out var problem), problem);
        Assert.That(upstream!.Url, Is.EqualTo(url));
    }

    [Test]
    public void Every_spelling_of_an_upstream_is_known()
    {
        Assert.That(SshUpstream.TryParse("git@git.example.com:team/app.git", out var upstream, out _));
        Assert.That(upstream!.Spellings, Is.Unique.And.SupersetOf(new[] { "git@git.example.com:team/app.git", "git@git.example.com:team/app", "ssh://git@git.example.com/team/app.git", "ssh://git@git.example.com:22/team/app", "https://git.example.com/team/app.git", "https://git.example.com/team/app", "git.example.com:team/app" }));
        Assert.That(SshUpstream.TryParse("ssh://me@git.example.com:2222/srv/app", out upstream, out _));
        Assert.That(upstream!.Spellings, Does.Contain("ssh://me@git.example.com:2222/srv/app.git").And.None.StartsWith("me@"), "the scp form has no port");
    }

    [TestCase("https://git.example.com/app.git")]
    [TestCase("ssh://-oProxyCommand=x/app.git")]
    [TestCase("ssh://git@-x/app.git")]
    [TestCase("ssh://-x@host/app.git")]
    [TestCase("ssh://git@host:0/app.git")]
    [TestCase("ssh://git@host:70000/app.git")]
    [TestCase("ssh://git@host")]
    [TestCase("ssh://git@host/a b")]
    [TestCase("ssh://git@host/a;b")]
    [TestCase("ssh://git@host/a'b")]
    [TestCase("ssh://git@host/../x")]
    [TestCase("ssh://git@host/a/../../x")]
    [TestCase("git@host:-x")]
    [TestCase("ext::sh -c x")]
    [TestCase("/srv/app.git")]
    [TestCase("ssh://git@host/app.git\n")]
    public void What_is_no_ssh_upstream_is_refused(string text) => Assert.That(SshUpstream.TryParse(text, out _, out var problem), Is.False, problem);

    [TestCase("plain", "plain")]
    [TestCase("a\u001b[31mb\r\nc", @"a\u{1b}[31mb\u{d}\u{a}c")]
    [TestCase("a\u202Eb", @"a\u{202e}b")]
    [TestCase("\ud83d\ude00", "\ud83d\ude00")]
    public void Text_of_strangers_is_made_inert(string text, string inert) => Assert.That(Inert.Text(text), Is.EqualTo(inert));
}
