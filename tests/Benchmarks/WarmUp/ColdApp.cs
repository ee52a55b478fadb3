using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Benchmarks.WarmUp;

/// <summary>
/// An ASP.NET Core app as many are: services, endpoints that answer JSON, a page. Compiled as it runs, as by default: tiered, without
/// ReadyToRun. Its answers tell the release in X-Release.
/// </summary>
internal static partial class ColdApp
{
    private const int Products = 500;
    private const int PageSize = 20;

    /// <summary>Runs it until SIGTERM.</summary>
    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(new Catalogue(
            [.. Enumerable.Range(1, Products).Select(id => new Product(id, $"Product {id}", (id * 37 % 900) + 0.95m, [$"tag{id % 7}", $"tag{id % 11}"]))]));
        builder.Services.AddScoped<Pricing>();
        var app = builder.Build();
        var release = Environment.GetEnvironmentVariable("BLUEGREEN_RELEASE") ?? "";
        app.Use(next => context =>
        {
            context.Response.Headers["X-Release"] = release;
            return next(context);
        });
        app.MapGet("/healthz", () => "ok\n");
        app.MapGet("/", (Catalogue catalogue) => Results.Text(
            $"<h1>Shop</h1>{string.Concat(catalogue.All.Take(PageSize).Select(product => $"<li>{Tags().Replace(product.Name, "")}</li>"))}", "text/html"));
        app.MapGet("/products", (Catalogue catalogue, Pricing pricing, int page = 1) => new Page(
            page, Products,
            [.. catalogue.All.OrderBy(product => product.Price).ThenBy(product => product.Name, StringComparer.Ordinal)
                .Skip((page - 1) * PageSize).Take(PageSize).Select(pricing.Offer)]));
        app.MapGet("/products/{id:int}", (int id, Catalogue catalogue, Pricing pricing) =>
            catalogue.Find(id) is { } product ? Results.Ok(pricing.Offer(product)) : Results.NotFound());
        app.MapGet("/search", (string q, Catalogue catalogue, Pricing pricing) =>
            catalogue.All.Where(product => product.Tags.Contains(q) || product.Name.Contains(q, StringComparison.OrdinalIgnoreCase))
                .GroupBy(product => product.Tags[0]).ToDictionary(group => group.Key, group => group.Take(3).Select(pricing.Offer).ToArray()));
        await app.RunAsync();
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    private sealed record Product(int Id, string Name, decimal Price, string[] Tags);

    private sealed record Offer(int Id, string Name, string Price, DateTimeOffset Until, string[] Tags);

    private sealed record Page(int Number, int Total, Offer[] Offers);

    private sealed class Catalogue(Product[] products)
    {
        private readonly Dictionary<int, Product> _byId = products.ToDictionary(product => product.Id);

        public IReadOnlyList<Product> All => products;

        public Product? Find(int id) => _byId.GetValueOrDefault(id);
    }

    private sealed class Pricing
    {
        private readonly decimal _factor = 1.19m;

        public Offer Offer(Product product) => new(
            product.Id, product.Name, (product.Price * _factor).ToString("N2", CultureInfo.InvariantCulture),
            DateTimeOffset.UnixEpoch.AddDays(product.Id), product.Tags);
    }
}
