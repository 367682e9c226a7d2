using Bottle.Contracts.Routes;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Contracts.Tests.Routes;

[Parallelizable(ParallelScope.All)]
public sealed class AuthorityTests
{
    [TestCase("api.example.com:443", "api.example.com:443")]
    [TestCase("API.Example.COM.:8443", "api.example.com:8443")]
    [TestCase("10.0.0.1:443", "10.0.0.1:443")]
    [TestCase("[::1]:443", "[::1]:443")]
    [TestCase("[0:0:0:0:0:0:0:1]:443", "[::1]:443")]
    [TestCase("[::ffff:10.0.0.1]:443", "[::ffff:10.0.0.1]:443")]
    public void A_well_formed_authority_has_one_form(string text, string expected)
    {
        Assert.That(Authority.TryParse(text, 0, out var authority, out var problem), Is.True, problem);
        Assert.That(authority.ToString(), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase(":443")]
    [TestCase("host.test")]
    [TestCase("host.test:")]
    [TestCase("host.test:0")]
    [TestCase("host.test:0443")]
    [TestCase("host.test:443:80")]
    [TestCase("host.test:70000")]
    [TestCase("host.test:+443")]
    [TestCase("host.test:443 ")]
    [TestCase(" host.test:443")]
    [TestCase("host.test:４４３")]
    [TestCase("user@host.test:443")]
    [TestCase("allowed.test:443@evil.test:443")]
    [TestCase("evil.test\\@allowed.test:443")]
    [TestCase("host..test:443")]
    [TestCase("host.test..:443")]
    [TestCase(".host.test:443")]
    [TestCase(".:443")]
    [TestCase("ho%73t.test:443")]
    [TestCase("bücher.test:443")]
    [TestCase("ho\0st.test:443")]
    [TestCase("127.1:443")]
    [TestCase("0x7f.0.0.1:443")]
    [TestCase("0177.0.0.1:443")]
    [TestCase("2130706433:443")]
    [TestCase("0x7f000001:443")]
    [TestCase("127.0.0.01:443")]
    [TestCase("[fe80::1%eth0]:443")]
    [TestCase("[::1]443")]
    [TestCase("[::1")]
    [TestCase("[]:443")]
    [TestCase("[10.0.0.1]:443")]
    [TestCase("::1:443")]
    public void A_doubtful_authority_is_refused_with_a_reason(string text)
    {
        Assert.That(Authority.TryParse(text, 0, out _, out var problem), Is.False);
        Assert.That(problem, Is.Not.Empty);
    }

    [TestCase("10.0.0.1:443")]
    [TestCase("169.254.169.254:443")]
    [TestCase("[::1]:443")]
    public void Addresses_are_known_as_such(string text)
    {
        Authority.TryParse(text, 0, out var authority, out _);
        Assert.That(authority.IsAddress, Is.True);
    }

    [Test]
    public void What_is_read_is_read_the_same_again()
    {
        var pieces = Gen.Elements("a", "B", ".", "-", "_", ":", "443", "80", "0", "1", "127", "0x7f", "[", "]", "::", "%", "@", "/", "\\", " ", "é", "xn--a", "test", "\t", "..");
        var texts = Gen.Select(Gen.ArrayOf(pieces), parts => string.Concat(parts)).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(texts, text =>
            !Authority.TryParse(text, 443, out var first, out _)
            || (Authority.TryParse(first.ToString(), 0, out var second, out _) && first == second
                && !first.Host.Any(char.IsAsciiLetterUpper) && first.Port is > 0 and < 65536)));
    }
}
