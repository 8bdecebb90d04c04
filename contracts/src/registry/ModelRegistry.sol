// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICopyRegistry } from "../interfaces/ICopyRegistry.sol";
import { IModelRegistry, ParentEdge, ParentRef, Relation, Terms } from "../interfaces/IModelRegistry.sol";
import { IModelShares } from "../interfaces/IModelShares.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { ModelId } from "../lib/Types.sol";
import { Clones } from "@openzeppelin/contracts/proxy/Clones.sol";
import { ERC721 } from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

uint16 constant LICENCE_DERIVE = 1;
uint16 constant LICENCE_FREE_TO_DERIVE = 2;
uint16 constant LICENCE_COMMERCIAL = 4;
uint16 constant LICENCE_KNOWN = LICENCE_DERIVE | LICENCE_FREE_TO_DERIVE | LICENCE_COMMERCIAL;

uint256 constant MAX_PARENTS = 8;
uint16 constant MAX_ROYALTY_BPS = 5000;
uint256 constant MAX_METADATA_URI_LENGTH = 256;

/// @notice See `IModelRegistry`.
contract ModelRegistry is ERC721, IModelRegistry {
    struct Version {
        bytes32 manifestRoot;
        string metadataURI;
    }

    struct Edge {
        bool exists;
        Relation relation;
        uint16 royaltyBps;
    }

    /// @dev Two words and the edges. The first version is stored behind the code of the shares, which costs a third of
    /// storage.
    struct Model {
        address shares;
        uint16 royaltyBpsTotal;
        uint16 royaltyBps;
        uint8 licence;
        uint24 versionCount;
        uint24 termsVersion;
        bool retired;
        uint96 price;
        uint96 collateral;
        uint64 fee;
        uint64[] parents;
        mapping(ModelId parent => Edge) edges;
        mapping(uint256 number => Version) laterVersions;
    }

    address private immutable SHARES_IMPLEMENTATION;
    ICopyRegistry private immutable COPY_REGISTRY;
    IProtocol private immutable PROTOCOL;

    /// @inheritdoc IModelRegistry
    uint256 public totalModels;

    mapping(ModelId id => Model) private _models;

    constructor(address sharesImplementation, ICopyRegistry copyRegistry, IProtocol protocol)
        ERC721("Kinmark models", "KINMARK")
    {
        SHARES_IMPLEMENTATION = sharesImplementation;
        COPY_REGISTRY = copyRegistry;
        PROTOCOL = protocol;
    }

    modifier onlyController(ModelId id) {
        bool isRetired = _model(id).retired;
        address controller = ownerOf(ModelId.unwrap(id));
        require(msg.sender == controller, NotController(msg.sender, controller));
        require(!isRetired, ModelRetired(id));
        _;
    }

    /* WRITES */

    /// @inheritdoc IModelRegistry
    function register(
        bytes32 manifestRoot,
        string calldata metadataURI,
        Terms calldata modelTerms,
        ParentRef[] calldata parentRefs
    ) external returns (ModelId id) {
        PROTOCOL.requireOpen();
        require(parentRefs.length <= MAX_PARENTS, TooManyParents(parentRefs.length, MAX_PARENTS));
        _requireVersion(manifestRoot, metadataURI);

        id = ModelId.wrap(++totalModels);
        address shares_ = Clones.cloneWithImmutableArgs(
            SHARES_IMPLEMENTATION, abi.encodePacked(ModelId.unwrap(id), manifestRoot, metadataURI)
        );
        emit Registered(id, msg.sender, shares_);

        for (uint256 i; i < parentRefs.length; ++i) {
            _addParent(id, parentRefs[i]);
        }
        (_models[id].shares, _models[id].versionCount) = (shares_, 1);
        emit VersionAdded(id, 1, manifestRoot, metadataURI);
        _setTerms(id, modelTerms);
        _mint(msg.sender, ModelId.unwrap(id));

        IModelShares(shares_).initialize(msg.sender);
    }

    /// @inheritdoc IModelRegistry
    function addVersion(ModelId id, bytes32 manifestRoot, string calldata metadataURI) external onlyController(id) {
        _requireVersion(manifestRoot, metadataURI);

        uint24 number = ++_models[id].versionCount;
        _models[id].laterVersions[number] = Version(manifestRoot, metadataURI);
        emit VersionAdded(id, number, manifestRoot, metadataURI);
    }

    /// @inheritdoc IModelRegistry
    function setTerms(ModelId id, Terms calldata modelTerms) external onlyController(id) {
        _setTerms(id, modelTerms);
    }

    /// @inheritdoc IModelRegistry
    function retire(ModelId id) external onlyController(id) {
        _models[id].retired = true;
        emit Retired(id);
    }

    /* VIEWS */

    /// @inheritdoc IModelRegistry
    function exists(ModelId id) public view returns (bool) {
        return _models[id].shares != address(0);
    }

    /// @inheritdoc IModelRegistry
    function retired(ModelId id) external view returns (bool) {
        return _model(id).retired;
    }

    /// @inheritdoc IModelRegistry
    function terms(ModelId id) public view returns (Terms memory) {
        Model storage model = _model(id);
        return Terms(model.price, model.collateral, model.fee, model.royaltyBps, model.licence);
    }

    /// @inheritdoc IModelRegistry
    function termsHash(ModelId id) external view returns (bytes32) {
        return keccak256(abi.encode(terms(id)));
    }

    /// @inheritdoc IModelRegistry
    function versionCount(ModelId id) external view returns (uint32) {
        return _model(id).versionCount;
    }

    /// @inheritdoc IModelRegistry
    function version(ModelId id, uint32 number) public view returns (bytes32 manifestRoot, string memory metadataURI) {
        Model storage model = _model(id);
        uint32 count = model.versionCount;
        require(number > 0 && number <= count, VersionUnknown(id, number, count));

        if (number == 1) return _firstVersion(model.shares);
        Version storage found = model.laterVersions[number];
        return (found.manifestRoot, found.metadataURI);
    }

    /// @inheritdoc IModelRegistry
    function parents(ModelId id) external view returns (ParentEdge[] memory edges) {
        Model storage model = _model(id);
        edges = new ParentEdge[](model.parents.length);
        for (uint256 i; i < edges.length; ++i) {
            ModelId parent = ModelId.wrap(model.parents[i]);
            Edge storage edge = model.edges[parent];
            edges[i] = ParentEdge(parent, edge.relation, edge.royaltyBps);
        }
    }

    /// @inheritdoc IModelRegistry
    function edgeRoyaltyBps(ModelId child, ModelId parent) external view returns (uint16) {
        Edge storage edge = _models[child].edges[parent];
        require(edge.exists, EdgeUnknown(child, parent));
        return edge.royaltyBps;
    }

    /// @inheritdoc IModelRegistry
    function royaltyBpsTotal(ModelId id) external view returns (uint16) {
        return _model(id).royaltyBpsTotal;
    }

    /// @inheritdoc IModelRegistry
    function shares(ModelId id) external view returns (address) {
        return _model(id).shares;
    }

    /// @inheritdoc IModelRegistry
    function offer(ModelId id) external view returns (Terms memory modelTerms, uint32 count, bool isRetired) {
        Model storage model = _model(id);
        return (terms(id), model.versionCount, model.retired);
    }

    /// @inheritdoc IModelRegistry
    function payout(ModelId id) external view returns (address shares_, uint16 royaltyBps) {
        Model storage model = _model(id);
        return (model.shares, model.royaltyBpsTotal);
    }

    /// @notice Metadata URI of the newest version (ERC-721).
    function tokenURI(uint256 tokenId) public view override returns (string memory uri) {
        ModelId id = ModelId.wrap(tokenId);
        (, uri) = version(id, _model(id).versionCount);
    }

    /* INTERNAL */

    function _addParent(ModelId child, ParentRef calldata ref) private {
        Model storage parent = _model(ref.id);
        Model storage model = _models[child];
        uint16 royaltyBps = parent.royaltyBps;
        uint16 licence = parent.licence;
        require(!model.edges[ref.id].exists, ParentTwice(ref.id));
        require(!parent.retired, ModelRetired(ref.id));
        require(licence & LICENCE_DERIVE != 0, NotDerivable(ref.id));
        require(
            licence & LICENCE_FREE_TO_DERIVE != 0 || COPY_REGISTRY.isActiveHolder(ref.copyId, ref.id, msg.sender),
            CopyNotHeld(ref.copyId, ref.id, msg.sender)
        );
        require(royaltyBps <= ref.maxRoyaltyBps, RoyaltyAboveMax(ref.id, royaltyBps, ref.maxRoyaltyBps));
        uint16 total = model.royaltyBpsTotal + royaltyBps;
        require(total <= MAX_ROYALTY_BPS, RoyaltiesAboveCap(total, MAX_ROYALTY_BPS));

        model.royaltyBpsTotal = total;
        model.parents.push(uint64(ModelId.unwrap(ref.id)));
        model.edges[ref.id] = Edge(true, ref.relation, royaltyBps);
        emit ParentAdded(child, ref.id, ref.relation, royaltyBps);
    }

    function _requireVersion(bytes32 manifestRoot, string calldata metadataURI) private pure {
        uint256 length = bytes(metadataURI).length;
        require(manifestRoot != 0, ManifestRootMissing());
        require(length > 0 && length <= MAX_METADATA_URI_LENGTH, MetadataUriLength(length, MAX_METADATA_URI_LENGTH));
    }

    /// @dev Clone arguments of the shares: number, manifest root, URI (see `IModelShares`).
    function _firstVersion(address shares_) private view returns (bytes32 manifestRoot, string memory metadataURI) {
        bytes memory args = Clones.fetchCloneArgs(shares_);
        assembly ("memory-safe") {
            manifestRoot := mload(add(args, 0x40))
            metadataURI := add(args, 0x40)
            mstore(metadataURI, sub(mload(args), 0x40))
        }
    }

    function _setTerms(ModelId id, Terms calldata modelTerms) private {
        require(modelTerms.royaltyBps <= MAX_ROYALTY_BPS, RoyaltyAboveCap(modelTerms.royaltyBps, MAX_ROYALTY_BPS));
        require(modelTerms.licence & ~LICENCE_KNOWN == 0, LicenceUnknown(modelTerms.licence, LICENCE_KNOWN));

        Model storage model = _models[id];
        model.royaltyBps = modelTerms.royaltyBps;
        model.licence = uint8(modelTerms.licence);
        (model.price, model.collateral, model.fee) = (modelTerms.price, modelTerms.collateral, modelTerms.fee);
        emit TermsSet(id, ++model.termsVersion, keccak256(abi.encode(modelTerms)), modelTerms);
    }

    function _model(ModelId id) private view returns (Model storage model) {
        model = _models[id];
        require(model.shares != address(0), ModelUnknown(id));
    }
}
