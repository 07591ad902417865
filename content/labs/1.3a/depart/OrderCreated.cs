using System.Text.Json;

namespace Formation.OrderConsumer;

/// <summary>Fait métier : une commande vient d'être créée. Nous n'en lisons que ce qui nous sert.</summary>
/// <param name="OrderId">Identifiant de la commande.</param>
/// <param name="CustomerId">Client qui l'a passée.</param>
/// <param name="Amount">Montant toutes taxes comprises.</param>
public sealed record OrderCreated(string OrderId, string CustomerId, decimal Amount)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Lit les octets d'un message ; les champs inconnus sont ignorés.</summary>
    /// <exception cref="PoisonMessageException">Illisible, aujourd'hui comme demain.</exception>
    public static OrderCreated Parse(byte[]? value)
    {
        if (value is null)
        {
            throw new PoisonMessageException("valeur absente");
        }

        OrderCreated? order;
        try
        {
            order = JsonSerializer.Deserialize<OrderCreated>(value, Json);
        }
        catch (JsonException error)
        {
            throw new PoisonMessageException($"JSON illisible : {error.Message}", error);
        }

        if (order is null || string.IsNullOrEmpty(order.OrderId))
        {
            throw new PoisonMessageException("le champ orderId manque");
        }

        return order;
    }
}
