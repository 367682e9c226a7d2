global using Bottle.Egress.Tests.Harness;
global using NUnit.Framework;
