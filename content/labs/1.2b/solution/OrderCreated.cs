namespace Formation.KeyedOrderProducer;

/// <summary>Fait métier : une commande vient d'être créée.</summary>
/// <param name="OrderId">Identifiant de la commande.</param>
/// <param name="CustomerId">Client qui l'a passée : la clé du message.</param>
/// <param name="Amount">Montant toutes taxes comprises.</param>
/// <param name="Currency">Devise, en code ISO 4217.</param>
/// <param name="CreatedAt">Instant de création, en temps universel.</param>
public sealed record OrderCreated(string OrderId, string CustomerId, decimal Amount, string Currency, DateTimeOffset CreatedAt)
{
    /// <summary>Fabrique la commande numéro <paramref name="number"/> (à partir de 1), les clients passant à tour de rôle.</summary>
    public static OrderCreated Sample(int number, int customerCount) => new(
        OrderId: $"ORD-{number:D4}",
        CustomerId: CustomerName((number - 1) % customerCount),
        Amount: 10m + (number * 7.5m),
        Currency: "EUR",
        CreatedAt: DateTimeOffset.UtcNow);

    /// <summary>Nom du client de rang <paramref name="rank"/> : 0 donne <c>customer-A</c>, 25 donne <c>customer-Z</c>.</summary>
    public static string CustomerName(int rank) => $"customer-{(char)('A' + rank)}";
}
