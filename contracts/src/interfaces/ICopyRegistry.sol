// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId, ModelId } from "../lib/Types.sol";
import { ICollateral } from "./ICollateral.sol";

/// @notice `Ordered → Delivered → Active → Closing → Closed`; `Ordered → Refunded` when the minter is late; `Slashed`
/// when an active or closing copy has lost all its collateral.
enum State {
    None,
    Ordered,
    Delivered,
    Active,
    Closing,
    Closed,
    Refunded,
    Slashed
}

/// @notice One buyer's fingerprinted weights of one version. Times are seconds of protocol time (`IProtocol.time`).
/// @param deadline While ordered: last second at which the minter may deliver. While delivered: last second at which
/// acceptance is the buyer's alone. While closing: first second at which the collateral may leave. Otherwise 0.
/// @param acceptWindow Seconds that the buyer has to check a delivery, in whole minutes, fixed at the order.
/// @param price What the model is paid when the copy is accepted.
/// @param collateral What is left of it.
/// @param fee What one unit of inference served to others costs the host, by the terms at the order.
/// @param mintFee What the minter is paid when the copy is accepted.
/// @param openDisputes How many challenges and cases hold the collateral back.
/// @param termsHash Hash of the terms at the order; price, collateral and fee are theirs.
/// @param buyerSeedHash keccak256 of the 32 bytes that the buyer adds to the codeword.
/// @param artifactRoot Merkle root over the copy's files.
/// @param fingerprintRoot Merkle root over the copy's salted fingerprints.
struct Copy {
    ModelId modelId;
    uint32 version;
    State state;
    address buyer;
    address minter;
    uint64 deadline;
    uint64 acceptWindow;
    uint96 price;
    uint96 collateral;
    uint64 fee;
    uint32 mintFee;
    uint16 openDisputes;
    bytes32 termsHash;
    bytes32 buyerSeedHash;
    bytes32 artifactRoot;
    bytes32 fingerprintRoot;
}

/// @notice What a buyer signs.
/// @param maxPrice The most that the buyer consents to pay, the minter's fee included.
/// @param termsHash Hash of the terms that the buyer has read.
struct OrderRequest {
    ModelId modelId;
    uint32 version;
    uint96 maxPrice;
    bytes32 termsHash;
    bytes32 buyerSeedHash;
    address minter;
}

/// @notice An EIP-2612 signature over the token's allowance for this contract.
struct Permit {
    uint256 value;
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @title Orders, deliveries and collateral.
/// @notice Holds each copy's price until the copy is accepted and its collateral until it is closed, and nothing else.
interface ICopyRegistry is ICollateral {
    /// @notice The model is retired: no copies of it are sold any more.
    error ModelRetired(ModelId id);

    /// @notice The model has no such version.
    error VersionUnknown(ModelId id, uint32 version, uint32 versionCount);

    /// @notice Price and minter's fee are above what the buyer consented to.
    error PriceAboveMax(uint256 price, uint96 maxPrice);

    /// @notice The terms are not the ones that the buyer has read.
    error TermsChanged(bytes32 termsHash, bytes32 expected);

    /// @notice An order needs the hash of the buyer's seed.
    error BuyerSeedMissing();

    /// @notice A delivery needs both roots.
    error RootMissing();

    /// @notice The copy is not in the state that this needs.
    error WrongState(CopyId id, State state, State needed);

    /// @notice Only the copy's minter may deliver it.
    error NotMinter(address caller, address minter);

    /// @notice Only the copy's buyer may do this, or may do it yet.
    error NotBuyer(address caller, address buyer);

    /// @notice The deadline has passed.
    error TooLate(uint64 time, uint64 deadline);

    /// @notice It is not time yet.
    error TooEarly(uint64 time, uint64 notBefore);

    /// @notice A dispute is open: the collateral waits for it.
    error DisputeOpen(CopyId id, uint16 openDisputes);

    /// @notice No dispute of this copy is open.
    error NoDisputeOpen(CopyId id);

    /// @notice There is no copy in anybody's hands that could be disputed or slashed.
    error NothingAtStake(CopyId id, State state);

    /// @notice This offence was slashed before.
    error OffencePunished(bytes32 offence);

    /// @notice Only courts open and close disputes, and slash.
    error NotCourt(address caller);

    /// @notice Only the account that deployed the registry names its courts.
    error NotDeployer(address caller, address deployer);

    /// @notice The courts are fixed: the registry obeys them for ever and nobody else.
    error CourtsAlreadySet();

    /// @notice A copy was ordered; price and collateral are in the contract.
    event Ordered(
        CopyId indexed id,
        ModelId indexed modelId,
        address indexed buyer,
        uint32 version,
        address minter,
        uint96 price,
        uint96 collateral,
        uint32 mintFee,
        bytes32 termsHash,
        bytes32 buyerSeedHash,
        uint64 deliverDeadline
    );

    /// @notice The minter delivered.
    event Delivered(CopyId indexed id, bytes32 artifactRoot, bytes32 fingerprintRoot, uint64 acceptDeadline);

    /// @notice The copy is active; its price went to the treasury, and the minter's fee to the minter's credit.
    event Accepted(CopyId indexed id);

    /// @notice The minter was late: price and collateral went back to the buyer.
    event Refunded(CopyId indexed id);

    /// @notice The buyer gives the licence up; the collateral thaws.
    event Closing(CopyId indexed id, uint64 thawEndsAt);

    /// @notice The collateral went back to the buyer.
    event Closed(CopyId indexed id);

    /// @notice Somebody put more collateral behind a copy.
    event CollateralAdded(CopyId indexed id, address indexed payer, uint256 amount, uint256 collateral);

    /// @notice A court opened a dispute about a copy.
    event DisputeOpened(CopyId indexed id, address indexed court, uint16 openDisputes);

    /// @notice A court closed a dispute about a copy.
    event DisputeClosed(CopyId indexed id, address indexed court, uint16 openDisputes);

    /// @notice An offence was punished. `taken` = reward + burned + what the model was paid; `left` is still locked.
    event Slashed(
        CopyId indexed id,
        address indexed reporter,
        bytes32 indexed offence,
        uint256 taken,
        uint256 reward,
        uint256 burned,
        uint256 left
    );

    /// @notice The registry's courts were named. Once.
    event CourtsSet(address[] courts);

    /// @notice Orders a copy: pulls price, minter's fee and collateral from the caller.
    /// @dev The caller must have approved this contract for price + minter's fee + collateral.
    /// @return id The new copy's number.
    function order(OrderRequest calldata request) external returns (CopyId id);

    /// @notice `order` with the allowance signed instead of sent.
    /// @dev A permit that somebody else has already used is no obstacle: the allowance is what counts.
    function orderWithPermit(OrderRequest calldata request, Permit calldata permit) external returns (CopyId id);

    /// @notice The named minter hands the copy over, until the deadline.
    function deliver(CopyId id, bytes32 artifactRoot, bytes32 fingerprintRoot) external;

    /// @notice The buyer accepts; after the deadline anyone may in their stead. Pays the price to the treasury.
    function accept(CopyId id) external;

    /// @notice After the deadline anyone may send all that was paid for an undelivered copy back to the buyer, together
    /// with the minter's penalty.
    function refund(CopyId id) external;

    /// @notice The buyer gives the licence up, which starts the thaw.
    function close(CopyId id) external;

    /// @notice After the thaw anyone may send what is left of the collateral back to the buyer, unless a dispute is open.
    function withdraw(CopyId id) external;

    /// @notice Puts more collateral behind an active or closing copy, so that it may serve more (see `IUsageLedger`). Returns with the rest.
    /// @dev The caller must have approved this contract.
    function addCollateral(CopyId id, uint96 amount) external;

    /// @notice Names the courts. Once, by the deployer.
    function setCourts(address[] calldata courts) external;

    /// @notice One copy; all zeros where there is none.
    function copies(CopyId id) external view returns (Copy memory);

    /// @notice Whether `account` holds this as an active copy of `modelId`.
    function isActiveHolder(CopyId id, ModelId modelId, address account) external view returns (bool);

    /// @notice The model that this is a copy of; 0 where there is no such copy.
    function modelOf(CopyId id) external view returns (ModelId);

    /// @notice Whether the copy is active.
    function isActive(CopyId id) external view returns (bool);

    /// @notice The copy's buyer, who may serve it; zero where there is no such copy.
    function hostOf(CopyId id) external view returns (address);

    /// @notice What a report depends on, in one call: the model, the host, the minter who earns the infrastructure cut,
    /// what is left of the collateral, and the fee per unit that the copy was sold under.
    function served(CopyId id)
        external
        view
        returns (ModelId modelId, address host, address minter, uint96 collateral, uint64 fee);

    /// @notice Whether this account opens disputes and slashes.
    function isCourt(address account) external view returns (bool);

    /// @notice Whether this offence was slashed.
    function punished(bytes32 offence) external view returns (bool);

    /// @notice How many copies were ever ordered; their numbers run from 1 to this.
    function totalCopies() external view returns (uint256);
}
