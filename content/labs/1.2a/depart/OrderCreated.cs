namespace Formation.OrderProducer;

/// <summary>Fait métier : une commande vient d'être créée.</summary>
/// <param name="OrderId">Identifiant de la commande.</param>
/// <param name="CustomerId">Client qui l'a passée.</param>
/// <param name="Amount">Montant toutes taxes comprises.</param>
/// <param name="Currency">Devise, en code ISO 4217.</param>
/// <param name="CreatedAt">Instant de création, en temps universel.</param>
public sealed record OrderCreated(string OrderId, string CustomerId, decimal Amount, string Currency, DateTimeOffset CreatedAt)
{
    /// <summary>Fabrique la commande de démonstration numéro <paramref name="number"/>, à partir de 1.</summary>
    public static OrderCreated Sample(int number) => new(
        OrderId: $"ORD-{number:D4}",
        CustomerId: $"customer-{(char)('A' + ((number - 1) % 5))}",
        Amount: 10m + (number * 7.5m),
        Currency: "EUR",
        CreatedAt: DateTimeOffset.UtcNow);
}
