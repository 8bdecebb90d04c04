// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId, ModelId } from "./Types.sol";
import { ICopyRegistry } from "./interfaces/ICopyRegistry.sol";
import { IModelRegistry, ParentEdge, ParentRef, Terms } from "./interfaces/IModelRegistry.sol";
import { IModelShares } from "./interfaces/IModelShares.sol";
import { Clones } from "@openzeppelin/contracts/proxy/Clones.sol";
import { ERC721 } from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

uint16 constant LICENCE_DERIVE = 1;
uint16 constant LICENCE_FREE_TO_DERIVE = 2;
uint16 constant LICENCE_COMMERCIAL = 4;
uint16 constant LICENCE_KNOWN = LICENCE_DERIVE | LICENCE_FREE_TO_DERIVE | LICENCE_COMMERCIAL;

uint256 constant MAX_PARENTS = 8;
uint16 constant MAX_ROYALTY_BPS = 5000;
uint256 constant MAX_METADATA_URI_LENGTH = 256;

/// @notice The manual is `IModelRegistry`.
contract ModelRegistry is ERC721, IModelRegistry {
    struct Version {
        bytes32 manifestRoot;
        string metadataURI;
    }

    struct Model {
        bool retired;
        uint16 royaltyBpsTotal;
        uint32 termsVersion;
        address shares;
        Terms terms;
        Version[] versions;
        ModelId[] parents;
        mapping(ModelId parent => ParentEdge) edges;
    }

    address private immutable SHARES_IMPLEMENTATION;
    ICopyRegistry private immutable COPY_REGISTRY;

    /// @inheritdoc IModelRegistry
    uint256 public totalModels;

    mapping(ModelId id => Model) private _models;

    constructor(address sharesImplementation, ICopyRegistry copyRegistry) ERC721("Kinmark models", "KINMARK") {
        SHARES_IMPLEMENTATION = sharesImplementation;
        COPY_REGISTRY = copyRegistry;
    }

    modifier onlyController(ModelId id) {
        address controller = ownerOf(_known(id));
        require(msg.sender == controller, NotController(msg.sender, controller));
        require(!_models[id].retired, ModelRetired(id));
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
        require(parentRefs.length <= MAX_PARENTS, TooManyParents(parentRefs.length, MAX_PARENTS));

        id = ModelId.wrap(++totalModels);
        address shares_ = Clones.clone(SHARES_IMPLEMENTATION);
        _models[id].shares = shares_;
        emit Registered(id, msg.sender, shares_);

        for (uint256 i; i < parentRefs.length; ++i) {
            _addParent(id, parentRefs[i]);
        }
        _addVersion(id, manifestRoot, metadataURI);
        _setTerms(id, modelTerms);
        _mint(msg.sender, ModelId.unwrap(id));

        IModelShares(shares_).initialize(id, msg.sender);
    }

    /// @inheritdoc IModelRegistry
    function addVersion(ModelId id, bytes32 manifestRoot, string calldata metadataURI) external onlyController(id) {
        _addVersion(id, manifestRoot, metadataURI);
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
        return _ownerOf(ModelId.unwrap(id)) != address(0);
    }

    /// @inheritdoc IModelRegistry
    function retired(ModelId id) external view returns (bool) {
        return _model(id).retired;
    }

    /// @inheritdoc IModelRegistry
    function terms(ModelId id) external view returns (Terms memory) {
        return _model(id).terms;
    }

    /// @inheritdoc IModelRegistry
    function termsHash(ModelId id) external view returns (bytes32) {
        return keccak256(abi.encode(_model(id).terms));
    }

    /// @inheritdoc IModelRegistry
    function versionCount(ModelId id) public view returns (uint32) {
        return uint32(_model(id).versions.length);
    }

    /// @inheritdoc IModelRegistry
    function version(ModelId id, uint32 number)
        external
        view
        returns (bytes32 manifestRoot, string memory metadataURI)
    {
        uint32 count = versionCount(id);
        require(number > 0 && number <= count, VersionUnknown(id, number, count));

        Version storage found = _models[id].versions[number - 1];
        return (found.manifestRoot, found.metadataURI);
    }

    /// @inheritdoc IModelRegistry
    function parents(ModelId id) external view returns (ParentEdge[] memory edges) {
        Model storage model = _model(id);
        edges = new ParentEdge[](model.parents.length);
        for (uint256 i; i < edges.length; ++i) {
            edges[i] = model.edges[model.parents[i]];
        }
    }

    /// @inheritdoc IModelRegistry
    function edgeRoyaltyBps(ModelId child, ModelId parent) external view returns (uint16) {
        ParentEdge storage edge = _models[child].edges[parent];
        require(_exists(edge), EdgeUnknown(child, parent));
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

    /// @notice The newest version's metadata URI (ERC-721).
    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        Version[] storage versions = _model(ModelId.wrap(tokenId)).versions;
        return versions[versions.length - 1].metadataURI;
    }

    /* INTERNAL */

    function _addParent(ModelId child, ParentRef calldata ref) private {
        Model storage parent = _model(ref.id);
        Model storage model = _models[child];
        Terms storage asked = parent.terms;
        uint16 royaltyBps = asked.royaltyBps;
        require(!_exists(model.edges[ref.id]), ParentTwice(ref.id));
        require(!parent.retired, ModelRetired(ref.id));
        require(asked.licence & LICENCE_DERIVE != 0, NotDerivable(ref.id));
        require(
            asked.licence & LICENCE_FREE_TO_DERIVE != 0 || COPY_REGISTRY.isActiveHolder(ref.copyId, ref.id, msg.sender),
            CopyNotHeld(ref.copyId, ref.id, msg.sender)
        );
        require(royaltyBps <= ref.maxRoyaltyBps, RoyaltyAboveMax(ref.id, royaltyBps, ref.maxRoyaltyBps));
        uint16 total = model.royaltyBpsTotal + royaltyBps;
        require(total <= MAX_ROYALTY_BPS, RoyaltiesAboveCap(total, MAX_ROYALTY_BPS));

        model.royaltyBpsTotal = total;
        model.parents.push(ref.id);
        model.edges[ref.id] = ParentEdge(ref.id, ref.relation, royaltyBps);
        emit ParentAdded(child, ref.id, ref.relation, royaltyBps);
    }

    function _addVersion(ModelId id, bytes32 manifestRoot, string calldata metadataURI) private {
        uint256 length = bytes(metadataURI).length;
        require(manifestRoot != 0, ManifestRootMissing());
        require(length > 0 && length <= MAX_METADATA_URI_LENGTH, MetadataUriLength(length, MAX_METADATA_URI_LENGTH));

        Version[] storage versions = _models[id].versions;
        versions.push(Version(manifestRoot, metadataURI));
        emit VersionAdded(id, uint32(versions.length), manifestRoot, metadataURI);
    }

    function _setTerms(ModelId id, Terms calldata modelTerms) private {
        require(modelTerms.royaltyBps <= MAX_ROYALTY_BPS, RoyaltyAboveCap(modelTerms.royaltyBps, MAX_ROYALTY_BPS));
        require(modelTerms.licence & ~LICENCE_KNOWN == 0, LicenceUnknown(modelTerms.licence, LICENCE_KNOWN));

        Model storage model = _models[id];
        model.terms = modelTerms;
        emit TermsSet(id, ++model.termsVersion, keccak256(abi.encode(modelTerms)), modelTerms);
    }

    function _known(ModelId id) private view returns (uint256) {
        require(exists(id), ModelUnknown(id));
        return ModelId.unwrap(id);
    }

    function _model(ModelId id) private view returns (Model storage) {
        return _models[ModelId.wrap(_known(id))];
    }

    /// @dev Numbers start at 1, so an edge that was never written names parent 0.
    function _exists(ParentEdge storage edge) private view returns (bool) {
        return ModelId.unwrap(edge.parent) != 0;
    }
}
