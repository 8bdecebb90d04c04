// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId, ModelId } from "../lib/Types.sol";
import { IERC721 } from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @notice How a model was made from a parent.
enum Relation {
    Finetune,
    Adapter,
    Merge,
    Quantized
}

/// @notice What a model asks of buyers and of children. Money is in units of the 6-decimal token.
/// @param price What one copy costs.
/// @param collateral What the buyer locks behind a copy.
/// @param fee What one inference served to others costs the host.
/// @param royaltyBps What each child registered under these terms owes, of what it earns after the cuts.
/// @param licence Bits: 1 `DERIVE`, 2 `FREE_TO_DERIVE`, 4 `COMMERCIAL`.
struct Terms {
    uint96 price;
    uint96 collateral;
    uint64 fee;
    uint16 royaltyBps;
    uint16 licence;
}

/// @notice A parent as the creator of a child names it.
/// @param maxRoyaltyBps The most that the creator consents to owe: guards against terms that change meanwhile.
/// @param copyId An active copy of the parent held by the creator; 0 where the parent is free to derive.
struct ParentRef {
    ModelId id;
    Relation relation;
    uint16 maxRoyaltyBps;
    CopyId copyId;
}

/// @notice A parent as the child keeps it. Never changes.
struct ParentEdge {
    ModelId parent;
    Relation relation;
    uint16 royaltyBps;
}

/// @title The permanent record of models: versions, terms and the family tree.
/// @notice A model is an ERC-721 token; whoever owns it is its controller. Registration deploys the model's shares and
/// gives all of them to the creator: control and earnings may part ways afterwards.
interface IModelRegistry is IERC721 {
    /// @notice No model has this number.
    error ModelUnknown(ModelId id);

    /// @notice The model is retired: it is not sold, changed or derived from any more.
    error ModelRetired(ModelId id);

    /// @notice Only the owner of the model may do this.
    error NotController(address caller, address controller);

    /// @notice A version needs the Merkle root of its files.
    error ManifestRootMissing();

    /// @notice The metadata URI must have between 1 and `maxLength` bytes.
    error MetadataUriLength(uint256 length, uint256 maxLength);

    /// @notice The royalty asked of children is above the cap.
    error RoyaltyAboveCap(uint16 royaltyBps, uint16 capBps);

    /// @notice The licence has bits that mean nothing.
    error LicenceUnknown(uint16 licence, uint16 knownBits);

    /// @notice A model has at most `maxCount` parents.
    error TooManyParents(uint256 count, uint256 maxCount);

    /// @notice A parent may be named once only.
    error ParentTwice(ModelId parent);

    /// @notice The parent's licence does not allow children.
    error NotDerivable(ModelId parent);

    /// @notice The parent is not free to derive, and the creator does not hold this as an active copy of it.
    error CopyNotHeld(CopyId copyId, ModelId parent, address creator);

    /// @notice The parent asks for more than the creator consented to.
    error RoyaltyAboveMax(ModelId parent, uint16 royaltyBps, uint16 maxRoyaltyBps);

    /// @notice The royalties to all parents together are above the cap.
    error RoyaltiesAboveCap(uint256 totalBps, uint256 capBps);

    /// @notice The child does not have this parent.
    error EdgeUnknown(ModelId child, ModelId parent);

    /// @notice The model has no such version.
    error VersionUnknown(ModelId id, uint32 version, uint32 versionCount);

    /// @notice A model was registered and its shares deployed.
    event Registered(ModelId indexed id, address indexed creator, address shares);

    /// @notice An edge of the family tree, for ever.
    event ParentAdded(ModelId indexed child, ModelId indexed parent, Relation relation, uint16 royaltyBps);

    /// @notice A version was appended. The first is 1.
    event VersionAdded(ModelId indexed id, uint32 version, bytes32 manifestRoot, string metadataURI);

    /// @notice Terms for future copies and children. `termsVersion` counts from 1.
    event TermsSet(ModelId indexed id, uint32 termsVersion, bytes32 termsHash, Terms terms);

    /// @notice Sales stopped. What was sold stays sold, and what is owed stays owed.
    event Retired(ModelId indexed id);

    /// @notice Registers a model with its first version, and gives the caller its token and all of its shares.
    /// @dev Reverts unless each parent exists, is not retired, may be derived from by the caller and asks at most
    /// `maxRoyaltyBps`. A cycle cannot arise: parents exist before their child.
    /// @param manifestRoot Merkle root over the version's files.
    /// @param metadataURI Where the description lies, as a name that contains its hash (RFC 6920).
    /// @return id The new model's number.
    function register(
        bytes32 manifestRoot,
        string calldata metadataURI,
        Terms calldata modelTerms,
        ParentRef[] calldata parentRefs
    ) external returns (ModelId id);

    /// @notice Appends a version. Copies keep the one that they were ordered for.
    function addVersion(ModelId id, bytes32 manifestRoot, string calldata metadataURI) external;

    /// @notice Sets the terms of future copies and children. Copies and edges that exist keep theirs.
    function setTerms(ModelId id, Terms calldata modelTerms) external;

    /// @notice Stops sales, for ever. Sold copies and owed money are untouched.
    function retire(ModelId id) external;

    /// @notice How many models there are; their numbers run from 1 to this.
    function totalModels() external view returns (uint256);

    /// @notice Whether a model has this number.
    function exists(ModelId id) external view returns (bool);

    /// @notice Whether sales have stopped.
    function retired(ModelId id) external view returns (bool);

    /// @notice The terms in force.
    function terms(ModelId id) external view returns (Terms memory);

    /// @notice `keccak256(abi.encode(terms))` of the terms in force.
    function termsHash(ModelId id) external view returns (bytes32);

    /// @notice How many versions there are; the newest has this number.
    function versionCount(ModelId id) external view returns (uint32);

    /// @notice One version.
    function version(ModelId id, uint32 number) external view returns (bytes32 manifestRoot, string memory metadataURI);

    /// @notice The parents, at most 8.
    function parents(ModelId id) external view returns (ParentEdge[] memory);

    /// @notice What the child owes this parent. Reverts where there is no such edge.
    function edgeRoyaltyBps(ModelId child, ModelId parent) external view returns (uint16);

    /// @notice What the model owes all its parents together.
    function royaltyBpsTotal(ModelId id) external view returns (uint16);

    /// @notice The model's shares (see `IModelShares`).
    function shares(ModelId id) external view returns (address);

    /// @notice What an order depends on, in one call.
    function offer(ModelId id) external view returns (Terms memory modelTerms, uint32 count, bool isRetired);

    /// @notice Who divides what the model earns, in one call: its shares, and what it owes all its parents together.
    function payout(ModelId id) external view returns (address shares_, uint16 royaltyBps);
}
