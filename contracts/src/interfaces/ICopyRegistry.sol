// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId, ModelId } from "../Types.sol";

/// @notice `Ordered → Delivered → Active → Closing → Closed`, or `Ordered → Refunded` when the minter is late.
enum State {
    None,
    Ordered,
    Delivered,
    Active,
    Closing,
    Closed,
    Refunded
}

/// @notice One buyer's fingerprinted weights of one version. Times are Unix seconds, 0 until they are known.
/// @param deliverDeadline Last second at which the minter may deliver.
/// @param acceptDeadline Last second at which acceptance is the buyer's alone.
/// @param thawEndsAt First second at which the collateral may leave.
/// @param termsHash Hash of the terms at the order; price and collateral are theirs.
/// @param buyerSeedHash keccak256 of the 32 bytes that the buyer adds to the codeword.
/// @param artifactRoot Merkle root over the copy's files.
/// @param fingerprintRoot Merkle root over the copy's salted fingerprints.
struct Copy {
    ModelId modelId;
    uint32 version;
    State state;
    address buyer;
    address minter;
    uint128 price;
    uint128 collateral;
    uint64 deliverDeadline;
    uint64 acceptDeadline;
    uint64 thawEndsAt;
    bytes32 termsHash;
    bytes32 buyerSeedHash;
    bytes32 artifactRoot;
    bytes32 fingerprintRoot;
}

/// @notice What a buyer signs.
/// @param maxPrice The most that the buyer consents to pay.
/// @param termsHash Hash of the terms that the buyer has read.
struct OrderRequest {
    ModelId modelId;
    uint32 version;
    uint128 maxPrice;
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
interface ICopyRegistry {
    /// @notice The model is retired: no copies of it are sold any more.
    error ModelRetired(ModelId id);

    /// @notice The model has no such version.
    error VersionUnknown(ModelId id, uint32 version, uint32 versionCount);

    /// @notice The price is above what the buyer consented to.
    error PriceAboveMax(uint128 price, uint128 maxPrice);

    /// @notice The terms are not the ones that the buyer has read.
    error TermsChanged(bytes32 termsHash, bytes32 expected);

    /// @notice This account is not a minter.
    error MinterNotAllowed(address minter);

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

    /// @notice A window must have between 1 second and `maxSeconds`.
    error WindowOutOfRange(uint64 window, uint64 maxSeconds);

    /// @notice A copy was ordered; price and collateral are in the contract.
    event Ordered(
        CopyId indexed id,
        ModelId indexed modelId,
        address indexed buyer,
        uint32 version,
        address minter,
        uint128 price,
        uint128 collateral,
        bytes32 termsHash,
        bytes32 buyerSeedHash,
        uint64 deliverDeadline
    );

    /// @notice The minter delivered.
    event Delivered(CopyId indexed id, bytes32 artifactRoot, bytes32 fingerprintRoot, uint64 acceptDeadline);

    /// @notice The copy is active, and its price went to the treasury.
    event Accepted(CopyId indexed id);

    /// @notice The minter was late: price and collateral went back to the buyer.
    event Refunded(CopyId indexed id);

    /// @notice The buyer gives the licence up; the collateral thaws.
    event Closing(CopyId indexed id, uint64 thawEndsAt);

    /// @notice The collateral went back to the buyer.
    event Closed(CopyId indexed id);

    /// @notice An account may, or may no longer, take orders and deliver.
    event MinterSet(address indexed minter, bool allowed);

    /// @notice Orders a copy: pulls price and collateral from the caller.
    /// @dev The caller must have approved this contract for price + collateral.
    /// @return id The new copy's number.
    function order(OrderRequest calldata request) external returns (CopyId id);

    /// @notice `order` with the allowance signed instead of sent.
    /// @dev A permit that somebody else has already used is no obstacle: the allowance is what counts.
    function orderWithPermit(OrderRequest calldata request, Permit calldata permit) external returns (CopyId id);

    /// @notice The named minter hands the copy over, until `deliverDeadline`.
    function deliver(CopyId id, bytes32 artifactRoot, bytes32 fingerprintRoot) external;

    /// @notice The buyer accepts; after `acceptDeadline` anyone may in their stead. Pays the price to the treasury.
    function accept(CopyId id) external;

    /// @notice After `deliverDeadline` anyone may send price and collateral of an undelivered copy back to the buyer.
    function refund(CopyId id) external;

    /// @notice The buyer gives the licence up, which starts the thaw.
    function close(CopyId id) external;

    /// @notice From `thawEndsAt` on anyone may send the collateral back to the buyer.
    function withdraw(CopyId id) external;

    /// @notice Lets an account take orders and deliver, or stops it. Orders with a stopped minter are refunded in time.
    function setMinter(address minter, bool allowed) external;

    /// @notice One copy; all zeros where there is none.
    function copies(CopyId id) external view returns (Copy memory);

    /// @notice Whether `account` holds this as an active copy of `modelId`.
    function isActiveHolder(CopyId id, ModelId modelId, address account) external view returns (bool);

    /// @notice Whether the account may take orders and deliver.
    function isMinter(address account) external view returns (bool);

    /// @notice How many copies were ever ordered; their numbers run from 1 to this.
    function totalCopies() external view returns (uint256);

    /// @notice Seconds that a minter has to deliver.
    function deliverWindow() external view returns (uint64);

    /// @notice Seconds after which an unanswered delivery may be accepted by anyone.
    function acceptWindow() external view returns (uint64);

    /// @notice Seconds between `close` and `withdraw`.
    function thaw() external view returns (uint64);
}
